"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    found = re.search(r"\['(\w+)'\]\[(\d+)\]\[0\]$", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    company, place = found[1], int(found[2])
    dates = sorted(set(tables[company]["Date"]))
    days = [f"{date:%b} {date.day}" for date in dates]
    got, expected = outcome.difference.got.strip("'\""), days[place]
    if got not in days:
        return f"{company} has no tweet on {got!r}: its days are {days[0]} to {days[-1]}"
    if got == sorted(days, key=lambda day: (day.split()[0], int(day.split()[1])))[place]:
        return (
            f"{company}: {got} comes where {expected} should be. The numbers are in order now, within a month; and the "
            "months? Which of their names comes first in the dictionary?"
        )
    return (
        f"{company}: place {place} has {got}, and should have {expected}. Its task logs the days in which order it had "
        "them, main logs in which order they came: at which step are they put in order by their names?"
    )
