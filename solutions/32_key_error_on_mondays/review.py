"""What a look at a failed check of this exercise says about the mend that was tried."""


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.difference is None:
        return None
    where, expected = outcome.difference.where, outcome.difference.expected
    return f"{where} should be {expected}: the number of its tweets with more characters than their median"


def hint_of_schedule(failing, tables):
    """A sentence about the order of steps that fails."""
    steps = failing.steps
    if not steps:
        return "no task was sent: main has a result for this workload without asking an engine"
    if failing.outcome in ("deadlock", "livelock"):
        return (
            f"{failing.outcome}: a task looks for its line again and again, and nothing makes another task write it "
            "meanwhile. main knows when the notes are done: it can wait for them"
        )
    if failing.outcome == "wrong":
        return f"{failing.reason}: a number that isn't there yet was taken for another one, and nobody is told any more"
    reads = [i for i, step in enumerate(steps) if step.kind == "read"]
    writes = [i for i, step in enumerate(steps) if step.kind == "write"]
    if not reads or not writes:
        return None
    early = next((i for i in reads if i < writes[-1]), reads[0])
    late = [i for i in writes if i > early] or writes[-1:]
    reader, writer = steps[early].actor, steps[late[0]].actor
    said = f"{reader} reads the notes in step {early + 1}; {writer} writes into them in step {late[0] + 1}"
    if any(step.kind == "sleep" and step.actor == reader for step in steps):
        return f"{said}. {reader} has slept before. What if {writer} needs longer than that?"
    if len({steps[i].actor for i in writes}) == 1:
        return f"{said}. There are fewer tasks now, and still nobody waits for the one that has all the notes"
    return f"{said}. Which line of main sees to it that it is the other way round?"
