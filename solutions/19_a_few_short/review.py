"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

PIECES = 6
QUARTERS = ("night", "morning", "afternoon", "evening")


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    found = re.search(r"\['(\w+)'\](?:\['(\w+)'\])?", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    company, quarter = found.groups()
    hours = list(tables[company]["Hour"])
    if quarter not in QUARTERS or not outcome.difference.got.isdigit():
        return f"{company} has {_tweets(len(hours))}, and your result has no count for it"
    return _of_count(company, quarter, hours, int(outcome.difference.got))


def _of_count(company, quarter, hours, got):
    expected = _count(hours, quarter)
    if got > expected:
        return (
            f"{company}: {got} {quarter} tweets are counted and there are {expected}. Of which rows of the table are "
            f"the other {got - expected}?"
        )
    for size, how in ((len(hours) // PIECES, "still"), (round(len(hours) / PIECES), "in this table")):
        left = len(hours) - size * PIECES
        if left > 0 and got == _count(hours[: size * PIECES], quarter):
            return (
                f"{company} has {_tweets(len(hours))}: {PIECES} pieces of {size} are {size * PIECES}, so the last "
                f"{left} {'is' if left == 1 else 'are'} {how} in no piece"
            )
    return (
        f"{company}: {got} of {expected} {quarter} tweets are counted. Add up the pieces that its tasks log: are they "
        f"{_tweets(len(hours))}?"
    )


def _count(hours, quarter):
    return sum(QUARTERS[int(hour[:2]) // 6] == quarter for hour in hours)


def _tweets(count):
    return "1 tweet" if count == 1 else f"{count} tweets"
