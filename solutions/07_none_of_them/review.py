"""What a look at a failed check of this exercise says about the mend that was tried."""

import math
import re

ROWS = 20


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if not outcome.difference:
        return None
    where = outcome.difference.where
    found = re.search(r"\['(\w+)'\]", where)
    if found is None or found[1] not in tables:
        return None
    texts = list(tables[found[1]]["Tweet content"])
    if where.startswith("len("):
        return f"{found[1]} has {outcome.difference.got} numbers for {outcome.difference.expected} pieces: {_GAPS}"
    piece = re.search(r"\[(\d+)\]$", where)
    return _of_piece(found[1], int(piece[1]), outcome.difference.got, texts) if piece else None


_GAPS = (
    "a list without its gaps has all later pieces in the wrong place, and the tweets of the gaps are still unmeasured"
)


def _of_piece(company, piece, got, texts):
    part = texts[piece * ROWS : (piece + 1) * ROWS]
    silent = [text for text in part if not any(map(str.isalpha, text))]
    where = f"piece {piece} of {company}"
    if got == "None":
        return (
            f"{where} is still None. However loud the log is, nobody measured its {len(part)} tweets: "
            "which of them could not be measured, and does that have to cost the others?"
        )
    try:
        number = float(got)
    except ValueError:
        return None
    if silent and number == 0 and _average(part):
        return f"{where} is 0 now: {len(silent)} of its {len(part)} tweets have no letters. What about the others?"
    if silent and math.isclose(number, _average(part)):
        return (
            f"{where} is the average of {len(part) - len(silent)} tweets, and it has {len(part)}: a tweet without "
            "letters is a quiet tweet, and the contract counts it"
        )
    for later in range(piece + 1, len(texts) // ROWS + 1):
        if math.isclose(number, _average(texts[later * ROWS : (later + 1) * ROWS])):
            return f"{where} has the number of piece {later}: {_GAPS}"
    return f"{where} is {got}: measure its {len(part)} tweets by hand"


def _average(texts):
    """The average loudness of those texts that have letters; 0 if none has."""
    letters = [[letter for letter in text if letter.isalpha()] for text in texts]
    shares = [sum(map(str.isupper, one)) / len(one) for one in letters if one]
    return sum(shares) / len(shares) if shares else 0.0
