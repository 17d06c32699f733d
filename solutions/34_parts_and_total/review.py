"""What a look at a failed check of this exercise says about the mend that was tried."""


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.difference is None:
        return None
    return f"{outcome.difference.where} should be {outcome.difference.expected}, and is {outcome.difference.got}"


def hint_of_schedule(failing, tables):
    """A sentence about the order of steps that fails."""
    steps = failing.steps
    if not steps:
        return "no task was sent: main has a result for this workload without asking an engine"
    if failing.outcome == "deadlock":
        return "each of two tasks has one file and wants the other: take both in the same order everywhere"
    found = next((half for at in reversed(range(len(steps))) if (half := _half_done(steps, at))), None)
    if found is None:
        return None
    reader, writer, done = found
    said = f"{reader} looks while {writer} has written {done} and not the other file"
    if any(step.kind == "sleep" for step in steps):
        return f"{said}; it looks twice, and {writer} is no further. Who could tell it that {writer} is in the middle?"
    locks = {step.thing for step in steps if step.kind == "lock"}
    if len(locks) > 2:
        return f"{said}. There are {len(locks)} locks now, and each is given back between the two files"
    if done == "parts.txt":
        return f"{said}. Before, it was the other way round: is there an order of these two that nobody can see?"
    return f"{said}. Both are guarded. What guards the two together?"


def _half_done(steps, at):
    """Who reads the parts at this step, who has written to one of the files only by then, and to which; else None."""
    if steps[at].kind != "read" or not steps[at].thing.endswith("parts.txt"):
        return None
    reader = steps[at].actor
    for writer in sorted({step.actor for step in steps[:at]} - {reader}):
        files = {step.thing for step in steps[:at] if step.actor == writer and step.kind == "write"}
        if len(files) == 1:
            return reader, writer, files.pop().rpartition("/")[2]
    return None
