"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

MANY = 300
NOTHING, A_NUMBER = 16, 20
"""Bytes that a task sends back that returns None, and at most if it returns a number."""


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    found = re.search(r"\['(\w+)'\]", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    company = found[1]
    authors = [row["Nickname"] for _, row in tables[company].iterrows() if row["RTs"] >= MANY]
    got = outcome.difference.got
    if outcome.difference.where.startswith("len(") and got == "0":
        back = outcome.counters.get("bytes_back", 0) / max(1, outcome.counters.get("tasks", 0))
        return _of_empty(company, authors, round(back))
    if got.isdigit() and int(got) > len(authors):
        return f"{company}: {got} authors are listed and there are {len(authors)}: is a list filled twice?"
    return f"{company}: {len(authors)} of its tweets were retweeted {MANY} times or more, and your result has others"


def _of_empty(company, authors, back):
    """What is sent back for a task, in bytes, tells whether anything is."""
    there = f"{company} has {len(authors)} such tweets and its list is empty"
    if back <= NOTHING:
        return (
            f"{there}. Each task sent back {back} bytes, which is nothing: by which way do the names come home? A "
            "module that an engine loads is the engine's own, too"
        )
    if back <= A_NUMBER:
        return (
            f"{there}. Each task sent back about {back} bytes: that is a number and no names. The list that it filled "
            "was made from bytes, on the engine"
        )
    return (
        f"{there}, though the tasks do send something back. In what that one sends, and the others, is {company} there?"
    )
