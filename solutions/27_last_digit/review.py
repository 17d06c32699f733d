"""What a look at a failed check of this exercise says about the mend that was tried."""

import math
import re
from functools import reduce
from operator import add

ROWS = 20
TIMES = ("night", "morning", "afternoon", "evening")
NAMED = re.compile(r"\['(\w+)'\]\['(\w+)'\]$")


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    found = NAMED.search(outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables or found[2] not in TIMES:
        return None
    company, time = found[1], found[2]
    try:
        got, expected = float(outcome.difference.got), float(outcome.difference.expected)
    except ValueError:
        return f"{company} has tweets in the {time}, and your result has no number there"
    if any(got == round(expected, digits) for digits in range(13)):
        return (
            f"{got!r} is the total of {company} in the {time} with fewer digits: that hides most differences, and "
            "where two totals lie on either side of a half it makes them larger"
        )
    parts = _parts(tables[company], time)
    if got == math.fsum(parts):
        return (
            f"{company}, {time}: you added its {len(parts)} parts exactly, and the parts themselves were rounded "
            f"before. {got!r} is the exact sum of numbers that are not exact"
        )
    if got == reduce(add, parts, 0.0):
        return (
            f"{company}, {time}: {got!r} is what the parts give in the order of the pieces. It is the same in each "
            "run, and another one with pieces of 25 tweets: which of these totals is the exact one?"
        )
    steps = round(abs(got - expected) / math.ulp(expected))
    return (
        f"{company}, {time}: {got!r} instead of {expected!r}, {steps} of the smallest steps that there are. "
        f"{len(parts)} parts were added, and each addition may round: how many additions were there before these?"
    )


def _parts(tweets, wanted):
    """The time's part of each piece, as the tasks add it up."""
    rows = list(zip(tweets["Hour"], tweets["RTs"], strict=True))
    pieces = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    return [
        reduce(add, (1 + math.log1p(count) for hour, count in piece if TIMES[int(hour[:2]) // 6] == wanted), 0.0)
        for piece in pieces
    ]
