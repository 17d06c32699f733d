"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

LARGEST_INSIDE = 1024


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.failures:
        return _of_failures(outcome.failures, tables)
    found = re.fullmatch(r"result\['(\w+)'\]", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    company, retweets = found[1], list(tables[found[1]]["RTs"])
    try:
        got = float(outcome.difference.got)
    except ValueError:
        return f"{company} has {len(retweets)} tweets, and your result has no average for them"
    if abs(got - sum(retweets) / len(retweets)) < 1e-9:
        return (
            f"{got:g} is the average of {company} with its viral tweets: nothing was capped there, and nobody was "
            f"told. Its {len(retweets)} numbers are {8 * len(retweets)} bytes"
        )
    return None


def _of_failures(failures, tables):
    if any("WRITEABLE" in one.message for one in failures):
        return "an array may only be made writable if it, or what it is a view of, owns its memory: whose is this?"
    refused = {one.label: 8 * len(tables[one.label]) for one in failures if one.label in tables}
    if not refused or "read-only" not in failures[0].message:
        return None
    company, size = max(refused.items(), key=lambda item: item[1])
    if size > LARGEST_INSIDE:
        return f"{company} has {size} bytes of numbers and passed as shipped: now it is read-only as well"
    return (
        f"{company}, {size} bytes, is still written to where it lies. Did the line before it make a new array, or give "
        "the old one another name? `np.shares_memory(one, other)` tells"
    )
