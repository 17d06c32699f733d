"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

PIECE = 20


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.outcome == "slow":
        return _of_cost(outcome.counters, {one.counter for one in outcome.over}, tables)
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    return (
        f"{found[1]} is {outcome.difference.got} and should be {outcome.difference.expected}. Is your dictionary the "
        "whole one? What takes long to read may still be needed"
    )


def _of_cost(counted, over, tables):
    tasks, engines = int(counted.get("tasks", 0)), int(counted.get("engines_used", 0))
    repeated = int(counted.get("loads_repeated", 0))
    if "bytes_repeated" in over:
        megabytes = counted.get("bytes_repeated", 0) / 1e6
        return (
            f"no engine reads it anew, but {tasks} tasks on {engines} engines got the same again and again: "
            f"{megabytes:.0f} MB more than one copy for each engine. How often does an engine need it sent?"
        )
    pieces = sum(-(-len(tweets) // PIECE) for tweets in tables.values())
    if tasks < pieces:
        return (
            f"{tasks} tasks in place of {pieces}; {repeated} of them still read what their engine had read. It "
            "costs less now, and is as it was with the next larger table"
        )
    return (
        f"{repeated} times an engine read what it had read before, in {tasks} tasks. Where does your version keep the "
        "words, and how long does that live: for a call, for a task, or as long as the engine?"
    )
