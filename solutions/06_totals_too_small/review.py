"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if "unfetched-failure" in outcome.signs:
        return _of_unread(outcome)
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    counts = [str(count) for count in tables[found[1]]["RTs"]]
    odd = [count for count in counts if not count.isdigit()]
    got = outcome.difference.got
    if not odd:
        return f"{found[1]} has {len(counts)} counts, all of them numbers: why {got}?"
    if got == "missing":
        return f"{found[1]} is not in your result: its total is not known, and the contract says so with None"
    if got == str(sum(int(count) for count in counts if count.isdigit())):
        return (
            f"{found[1]} is {got}, which is what it would be if {odd[0]!r} meant 0. Does it? The number is as wrong as "
            "before, and now no task fails any more"
        )
    return f"{found[1]} is {got}: {len(odd)} of its {len(counts)} counts ({odd[0]!r}) can't be known. Can its total?"


def _of_unread(outcome):
    failure = outcome.failures[0]
    tried = f", and tried {failure.attempt} times with the same end" if failure.attempt > 1 else ""
    if outcome.result and "None" in outcome.result:
        return (
            f"the None is there, and the reason for it, {failure.message!r} of task {failure.task}, is still unread in "
            "the client: ask for the answer, and let the log say it"
        )
    return (
        f"task {failure.task} failed{tried}; its answer came, with {failure.type}, and no line of `main` asked for it"
    )
