"""What a look at a failed check of this exercise says about the mend that was tried."""


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    rows = sum(len(tweets) for tweets in tables.values())
    sent = int(outcome.counters.get("tasks", 0))
    if outcome.outcome != "slow" or not sent:
        return None
    share = outcome.counters.get("busy_share", 0.0)
    if sent >= rows:
        return (
            f"{sent:,} tasks were sent for {rows:,} tweets. However quick `letters` is, that many messages go out and "
            "come back: what would a message have to carry so that there are fewer?"
        )
    return (
        f"{sent:,} tasks for {rows:,} tweets, about {rows / sent:.0f} tweets in each, and engines were busy for "
        f"{share:.0%} of the time. Work out from `harness show --tasks` how long a task should run for the time "
        "around it not to matter"
    )
