"""What a look at a failed check of this exercise says about the mend that was tried."""

WORKED_OUT = "worked out"


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.difference is None:
        return None
    if WORKED_OUT in outcome.difference.where:
        return f"the shared words were worked out {outcome.difference.got} times; the contract says once, by whomever"
    return "main returns for each company how many of its words another one uses too, and how often that was worked out"


def hint_of_schedule(failing, tables):
    """A sentence about the order of steps that fails."""
    steps = failing.steps
    if not steps:
        return "no task was sent: main has a result for this workload without asking an engine"
    if (half := _half(steps)) is not None:
        read, writer = half
        return (
            f"{steps[read].actor} reads the file in step {read + 1}: {writer} has made it and has not filled it yet. "
            "That a file is there does not say that it is whole"
        )
    first = steps[0].actor
    looks = {number: step.thing for number, step in enumerate(steps, 1) if step.kind == "look" and step.actor == first}
    put_in_place = {step.thing for step in steps if step.kind == "replace"}
    for number, thing in looks.items():
        if put_in_place and thing not in put_in_place:
            name = thing.rpartition("/")[2]
            return f"{first} asks for {name} in step {number}: what can happen to that before it is made?"
    if len(looks) > 1:
        return f"{first} looked in step {' and in step '.join(map(str, looks))}: what can happen after its last look?"
    return "both tasks looked before either had made the file. Who can tell the second one that the work has begun?"


def _half(steps):
    """The index of a read between another task's making of a file and its writing, and who that is; None if none is."""
    for at, step in enumerate(steps):
        if step.kind != "read":
            continue
        for writer in {one.actor for one in steps} - {step.actor}:
            made = [i for i, one in enumerate(steps) if one.actor == writer and one.kind in ("open", "open to write")]
            filled = [i for i, one in enumerate(steps) if one.actor == writer and one.kind == "write"]
            if made and filled and made[-1] < at < filled[-1] and steps[made[-1]].thing == step.thing:
                return at, writer
    return None
