"""What a look at a failed check of this exercise says about the mend that was tried."""


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    sent = outcome.counters.get("bytes_out", 0.0)
    tasks = outcome.counters.get("tasks", 0.0)
    if outcome.outcome != "slow" or not tasks:
        return None
    texts = sum(len(text.encode()) for tweets in tables.values() for text in tweets["Tweet content"])
    times = sent / texts
    if tasks < 12:
        return (
            f"{tasks:.0f} tasks now, and {_size(sent / tasks)} with each: fewer of the same. A run with twice as "
            "many tweets would be where it was"
        )
    each = f"each of {tasks:.0f} tasks received {_size(sent / tasks)}"
    if times > 30:
        return (
            f"{each}, and all texts of all companies together have {_size(texts)}. How many of them does one task read?"
        )
    return (
        f"{each}; together that is {times:.0f} times the {_size(texts)} of all texts. It is less than it was, and "
        "still the same for a task with 4 tweets as for one with 80"
    )


def _size(count):
    return f"{count / 1000:,.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
