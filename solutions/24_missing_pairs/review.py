"""What a look at a failed check of this exercise says about the mend that was tried."""

import re
from itertools import pairwise

NAMED = re.compile(r"\['(\w+)'\]\[(['\"])(.+)\2\]$")


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.difference is None:
        return None
    found = NAMED.search(outcome.difference.where)
    if found is None or found[1] not in tables:
        return None
    company, pair = found[1], found[3]
    there, got = _rows(tables[company], pair), _number(outcome.difference.got)
    if not there:
        return f"no tweet of {company} has {pair!r}: between which two words of yours does that pair come about?"
    times = sum(there.values())
    if got > times:
        return (
            f"{pair!r} stands {times} times in the tweets of {company} and you have it {got} times: which of your "
            "pieces have both of these words, and are they the same two words of the same tweet?"
        )
    total = sum(len(_words(text)) + 1 for text in tables[company]["Tweet content"])
    return (
        f"{pair!r} stands {times} times in the tweets of {company}, in row {', '.join(map(str, there))}, and you have "
        f"it {got} times. {company} has {total} words, ends of tweets included: where does your first piece end, and "
        "who sees the word on either side of that place?"
    )


def _rows(tweets, pair):
    """Row -> how often the pair stands in its tweet, for those that have it."""
    counts = {}
    for row, text in enumerate(tweets["Tweet content"]):
        words = _words(text)
        if count := sum(f"{first} {second}" == pair for first, second in pairwise(words)):
            counts[row] = count
    return counts


def _words(text):
    return [word for word in text.lower().split() if not word.startswith("http")]


def _number(text):
    return int(text) if text.isdigit() else 0
