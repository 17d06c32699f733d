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
    reads = [i for i, step in enumerate(steps) if step.kind == "read" and failing.failed in ("", step.actor)]
    if not reads:
        return None
    reader = steps[reads[0]].actor
    writers = list(dict.fromkeys(step.actor for step in steps[: reads[0]] if step.kind == "write"))
    by_then = f"{' and '.join(writers)} alone" if writers else "nobody"
    said = f"{reader} reads the notes in step {reads[0] + 1}. By then {by_then} has written into them"
    if any(step.kind == "sleep" and step.actor == reader for step in steps):
        return f"{said}, though {reader} has slept before. What if a note needs longer than that?"
    tasks = {actor for step in steps for actor in step.enabled}
    if len(tasks) < 2 * len(tables):
        return f"{said}. There are fewer tasks now, and still nobody waits for the one that has all the notes"
    return f"{said}. Which line of main sees to it that the notes come first?"
