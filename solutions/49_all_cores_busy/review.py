"""What a look at a failed check of this exercise says about the mend that was tried."""

IN_TURN = 0.05  # of the time two engines work at once at the most, where tasks are sent one after the other
IDLE = (
    "one engine at a time has all cores now, and the others wait: the work is no longer shared. What should an engine "
    "believe about the number of cores, so that all of them can work?"
)


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.outcome == "ok":
        return IDLE
    if outcome.outcome != "slow":
        return None
    if outcome.counters.get("overlap", 1.0) < IN_TURN:
        return IDLE
    threads = int(outcome.counters.get("threads", 0))
    ratio = outcome.counters.get("threads_per_core", 0)
    return (
        f"{threads} threads are at work on one engine, {ratio:g} for each core in all. A library asks how many it may "
        "have when it is loaded: when was that, on an engine that is up? `threadpoolctl.threadpool_info()` has it"
    )
