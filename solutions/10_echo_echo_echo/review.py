"""What a look at a failed check of this exercise says about the mend that was tried."""

import re
from collections import Counter

ROWS = 25


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if not outcome.difference:
        return None
    if outcome.difference.where == "result":
        return "the result has two parts: `links`, counts by company, and `log`, the lines of all engines, sorted"
    lines = _expected(tables)
    if outcome.difference.where == "len(result['log'])":
        return _of_number(int(outcome.difference.got), sum(lines.values()))
    if not re.fullmatch(r"result\['log'\]\[\d+\]", outcome.difference.where):
        return None
    got, expected = outcome.difference.got.strip("'"), outcome.difference.expected.strip("'")
    if lines[got] and got < expected and "leaked-thread" in outcome.signs:
        return f"`{got}` is still repeated, and your engines now keep a thread for each sink: as many write it"
    if lines[got] and got < expected:
        times = "once" if lines[got] == 1 else f"{lines[got]} times"
        return (
            f"`{got}` was logged {times} and is in your log more often. How many sinks has an engine on which that "
            "line is repeated? `harness show --events` has an event `changed` for each new one"
        )
    if lines[expected] > 1:
        return (
            f"`{expected}` was logged {lines[expected]} times, for as many pieces that are counted alike, and your log "
            "has it less often: to be alike is no reason to be thrown away"
        )
    return f"your log has `{got}` where `{expected}` belongs: each piece logs one line, in these words"


def _of_number(got, expected):
    if got > expected:
        return f"your log has {got} lines, and the tasks logged {expected}: who wrote the others?"
    return f"the tasks logged {expected} lines, and your log has {got} of them"


def _expected(tables):
    lines = Counter()
    for company, tweets in tables.items():
        carries = ["http" in text for text in tweets["Tweet content"]]
        for start in range(0, len(carries), ROWS):
            piece = carries[start : start + ROWS]
            lines[f"{company}: {len(piece)} tweets, {sum(piece)} with a link"] += 1
    return lines
