"""What a look at a failed check of this exercise says about the mend that was tried."""


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.difference is None or not outcome.difference.got.isdigit():
        return "main returns one whole number: the different tweets of each company, added up"
    got = int(outcome.difference.got)
    return f"{got} instead of {outcome.difference.expected}: which company's tweets would make up the difference?"


def hint_of_schedule(failing, tables):
    """A sentence about the order of steps that fails."""
    steps = failing.steps
    if not steps:
        return "no task was sent: main has a result for this workload without asking an engine"
    stale = _stale(steps)
    if stale is None:
        return None
    read, write = stale
    loser, other = (
        steps[write].actor,
        next(s.actor for s in steps[read:write] if s.kind == "write" and s.actor != steps[write].actor),
    )
    said = f"{loser} reads in step {read + 1} and writes in step {write + 1}; {other} writes in between"
    between = [step for step in steps[read:write] if step.actor == loser]
    held = [step for step in steps[:write] if step.actor == loser and step.kind == "lock"]
    if any(step.kind == "sleep" for step in between):
        return f"{said}, while {loser} sleeps. Is there a length of sleep after which that can't happen?"
    if any(step.kind == "lock" for step in between):
        return f"{said}. The lock keeps the two writes apart. What {loser} writes was worked out before it had the lock"
    if held and held[-1].thing.startswith("engine"):
        return f"{said}, although {loser} holds {held[-1].thing!r}. Whom does a lock of this engine keep out?"
    if held:
        return f"{said}, although {loser} holds a lock. Does {other} ask for the same one, and keep it long enough?"
    return f"{said}. What does {loser} add its tweets to?"


def _stale(steps):
    """The indices of a read and the same task's write, with another's write between; None if there are none."""
    for write, step in enumerate(steps):
        reads = [i for i in range(write) if steps[i].actor == step.actor and steps[i].kind == "read"]
        if step.kind != "write" or not reads:
            continue
        if any(one.kind == "write" and one.actor != step.actor for one in steps[reads[-1] : write]):
            return reads[-1], write
    return None
