"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.outcome == "hang":
        return _of_hang(outcome, tables)
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    times = list(tables[found[1]]["Hour"])
    unreadable = [row for row, time in enumerate(times) if not (isinstance(time, str) and time[2:3] == ":")]
    if unreadable and outcome.difference.expected == "None":
        return (
            f"{found[1]}: in row {unreadable[0]} the time is {times[unreadable[0]]!r}. A share of the other "
            f"{len(times) - len(unreadable)} tweets is not the share of all {len(times)}; the contract asks for None"
        )
    return None


def _of_hang(outcome, tables):
    if outcome.counters.get("tasks", 0) > len(tables):
        return (
            f"main sent {outcome.counters['tasks']:.0f} tasks for {len(tables)} companies, and went on until it was "
            "stopped. What should be different the next time that makes it worth another try?"
        )
    if not outcome.failures:
        return None
    failed = outcome.failures[0]
    wanted = re.search(r"retries=(\d+)", " ".join(hang.why for hang in outcome.hangs))
    asked = f", and the program asks for {int(wanted[1]) + 1}" if wanted else ""
    return (
        f"task {failed.task} was tried {failed.attempt} time(s), on as many engines{asked}. Each time it was "
        f"{failed.type}: {failed.message}. Where is it to be tried next?"
    )
