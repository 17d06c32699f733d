"""What a look at a failed check of this exercise says about the mend that was tried."""


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    share = outcome.counters.get("longest_share")
    if outcome.outcome != "slow" or share is None:
        return None
    longest = max(tables, key=lambda company: len(tables[company]))
    rows, everything = len(tables[longest]), sum(len(tweets) for tweets in tables.values())
    tasks = int(outcome.counters.get("tasks", 0))
    if tasks < len(tables):
        return (
            f"{tasks} tasks now, and the longest is {share:.0%} of all work: what is put together can only be longer "
            f"than its parts. {longest} alone has {rows:,} of {everything:,} tweets"
        )
    if tasks == len(tables):
        return (
            f"one task still has {share:.0%} of all work. With as many engines as you like, the run takes as long as "
            f"this task does: neither its place in the queue nor quicker code for all changes that {rows:,} of "
            f"{everything:,} tweets are {longest}'s"
        )
    return f"{tasks} tasks, and one still has {share:.0%} of all work: how many of the {everything:,} tweets are in it?"
