"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.outcome == "hang":
        return _of_hang(outcome, tables)
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    if outcome.difference.expected == "None":
        return (
            f"{found[1]} has {len(tables[found[1]])} tweets, too many to be compared in time. The contract "
            "asks for None then, and not for the pairs among some of them"
        )
    return None


def _of_hang(outcome, tables):
    at = [hang for hang in outcome.hangs if hang.engine is not None]
    if not at:
        return None
    if outcome.counters.get("tasks", 0) > len(tables):
        return (
            f"main went on without {at[0].label}, and then had to wait for engine {at[0].engine}, still at it. "
            "However soon main stops waiting: who tells the task?"
        )
    return (
        f"main returned, and engine {at[0].engine} is still at {at[0].label}, for which nobody waits any more. Whoever "
        "uses that engine next is the one who waits now"
    )
