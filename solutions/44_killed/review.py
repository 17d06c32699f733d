"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

MEGABYTE = 1_000_000


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.deaths:
        return _of_death(outcome)
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    return f"{found[1]}: compute the scores of one period by hand, from all of its texts and with all of their words"


def _of_death(outcome):
    death = outcome.deaths[0]
    had = f" with {death.memory // MEGABYTE} MB" if death.memory else ""
    tweets = int(outcome.counters.get("tasks", 0))
    if outcome.counters.get("engines_used", 0) == 1:
        return (
            f"all {tweets} tasks went to engine {death.engine}, which was killed{had}. If each task leaves something "
            "behind, what does it help to have all of it in one place?"
        )
    return (
        f"engine {death.engine} was killed{had}, at task {death.task} of {tweets}. Compare the memory "
        "after each of its tasks (`harness show --tasks`): does it still grow from task to task? What holds on to it?"
    )
