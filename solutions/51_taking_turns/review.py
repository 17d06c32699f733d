"""What a look at a failed check of this exercise says about the mend that was tried."""


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    counted = outcome.counters
    tasks, engines = int(counted.get("tasks", 0)), int(counted.get("engines_used", 0))
    if outcome.outcome not in ("slow", "ok"):
        return None
    if tasks and engines == 1:
        return (
            f"all {tasks} tasks went to one engine: sent at once they may be, but they still stand in one queue. "
            "Who should choose the engine?"
        )
    if tasks > len(tables):
        return (
            f"{tasks} tasks now, and still no two at the same time: smaller bars, one behind the other. "
            "What is between two submissions?"
        )
    if outcome.outcome == "slow":
        return (
            f"{tasks} tasks on {engines} engines, and no two at the same time. In `harness show --events`, what stands "
            "between one `submitted` and the next? A line of yours that looks as if it submitted them all may not do "
            "it before it is asked for the first one"
        )
    return None
