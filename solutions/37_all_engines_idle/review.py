"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.outcome == "hang":
        return _of_hang(outcome)
    found = re.search(r"'(\w+)'\]\['(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    return (
        f"{found[1]}, {found[2]}: of the chunks only those were counted that were done in time. The others were sent "
        "and never begun: on which engine?"
    )


def _of_hang(outcome):
    at = [hang for hang in outcome.hangs if hang.engine is not None]
    if not at:
        return None
    engines, sent = len({hang.engine for hang in at}), int(outcome.counters.get("tasks", 0))
    if engines == 1 and sent == 1:
        return (
            "main waits for its first task, that task waits for tasks of its own, and there is one engine. How many "
            "engines more than tasks that wait does it take, and who promises that they are there?"
        )
    return (
        f"{engines} engine(s) were at a task that waits ({at[0].label} on engine {at[0].engine}), and what they wait "
        "for is behind them in the queue. Which process can wait without taking an engine?"
    )
