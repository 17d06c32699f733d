"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

ROWS = 20
LABELS = ["negative", "neutral", "positive"]
GOOD = {"love", "great", "best", "amazing", "win", "wins", "happy", "joy", "sweet", "good"}
BAD = {"hate", "worst", "awful", "lame", "ruined", "waste", "terrible", "lost", "down", "bad"}
NAMED = re.compile(r"\['(\w+)'\]\[(\d+)\]$")


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    found = NAMED.search(outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    company, row = found[1], int(found[2])
    first = row // ROWS * ROWS
    texts = list(tables[company]["Tweet content"])[first : first + ROWS]
    got, expected = outcome.difference.got.strip("'"), outcome.difference.expected.strip("'")
    present = sorted({_mood(text) for text in texts})
    if got == LABELS[present.index(expected) + len(LABELS) - len(present)] != LABELS[present.index(expected)]:
        return (
            f"rows {first} to {first + len(texts) - 1} of {company} are {' or '.join(present)}, and you have {got} in "
            f"row {row} among them. Numbering from the other end is right as long as what a piece lacks is negative; "
            "what if it lacks another mood?"
        )
    if len(present) == len(LABELS):
        return (
            f"rows {first} to {first + len(texts) - 1} of {company} have all three moods, and row {row}, which is "
            f"{expected}, comes out as {got}. Nothing is lacking there: by what are the moods numbered in your mend?"
        )
    return (
        f"row {row} of {company}, {_shortened(texts[row - first])!r}, is {expected} and you have {got}. In pieces of "
        f"{ROWS} it is in one with {len(texts)} tweets, rows {first} to {first + len(texts) - 1}. Which moods are "
        "among them, which number does each get there, and which number does it get in a piece that has all three?"
    )


def _mood(text):
    words = text.lower().split()
    good, bad = sum(word in GOOD for word in words), sum(word in BAD for word in words)
    return "neutral" if good == bad else "positive" if good > bad else "negative"


def _shortened(text):
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}..."
