"""What a look at a failed check of this exercise says about the mend that was tried."""


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.difference is None:
        return None
    where, expected = outcome.difference.where, outcome.difference.expected
    return f"{where} should be {expected}: the number of its words of 7 letters or more"


def hint_of_schedule(failing, tables):
    """A sentence about the order of steps that fails."""
    steps = failing.steps
    if not steps:
        return "no task was sent: main has a result for this workload without asking an engine"
    if "No such file" in failing.reason:
        return "a task looks for a file that another one has taken away: does each of them write a draft of its own?"
    torn = _torn(steps)
    if torn is None:
        return "the file holds what two tasks wrote over each other: does each of them write a draft of its own?"
    read, emptied = torn
    reader, writer = steps[read].actor, steps[emptied].actor
    said = f"{reader} reads in step {read + 1}, between {writer}'s emptying of the file and its writing"
    if failing.outcome == "wrong":
        return f"{said}; it found no settings, took others, and nobody was told. {failing.reason}"
    reads = sum(step.kind == "read" and step.actor == reader for step in steps)
    if any(step.kind == "sleep" for step in steps):
        return f"{said}, {reads} times. {writer} is still not done: how often, and how long, would be enough?"
    if any(step.kind == "lock" for step in steps):
        return f"{said}. {writer} holds a lock meanwhile. Does {reader} ask for it?"
    return f"{said}: what is in the file then?"


def _torn(steps):
    """The indices of the last read between another task's emptying and writing of the file, and of the emptying."""
    for at in reversed(range(len(steps))):
        if steps[at].kind != "read":
            continue
        others = [i for i in range(at) if steps[i].actor != steps[at].actor and "write" in steps[i].kind
                  and steps[i].thing == steps[at].thing]  # fmt: skip
        if others and steps[others[-1]].kind == "open to write":
            return at, others[-1]
    return None
