"""What a look at a failed check of this exercise says about the mend that was tried."""


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.difference is None:
        return None
    where, expected = outcome.difference.where, outcome.difference.expected
    return f"{where} should be {expected}: the ratings of its words, added up"


def hint_of_schedule(failing, tables):
    """A sentence about the order of steps that fails."""
    steps = failing.steps
    if not steps:
        return "no task was sent: main has a result for this workload without asking an engine"
    if failing.outcome == "livelock":
        return "a thread waits in a loop for the other one, and nothing makes the other one go on meanwhile"
    reads = [step for step in steps if step.kind in ("open to read", "read")]
    if not reads:
        return None
    loading = reads[0].actor
    if failing.outcome == "wrong":
        return f"{failing.reason}: while {loading} was reading the file, the other thread found a lexicon without words"
    if times := sum(step.kind == "sleep" for step in steps):
        return f"the other thread waits {times} times, and {loading} still is at its reading: how often is enough?"
    if any(step.kind == "lock" for step in steps):
        return f"the lock is free before {loading} has read the file. What does a thread know that finds the flag set?"
    return f"{loading} is stopped in the middle of loading. What does the other thread conclude from `loaded`?"
