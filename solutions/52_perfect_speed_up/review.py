"""What a look at a failed check of this exercise says about the mend that was tried."""


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    growth = outcome.counters.get("growth")
    if outcome.outcome != "slow" or growth is None:
        return None
    return (
        f"five times the tweets cost {5**growth:.0f} times the CPU time (growth {growth:.2f}). How long does "
        "your line take for the last of 1000 tweets, and how long for the first? Does it add what is new, or go over "
        "everything that is there?"
    )
