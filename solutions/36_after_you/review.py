"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.outcome == "hang":
        return _of_hang(outcome)
    found = re.search(r"\['(\w+)'\]\['(\w+)'\]", outcome.difference.where) if outcome.difference else None
    if found is None or not (outcome.difference.got.isdigit() and outcome.difference.expected.isdigit()):
        return None
    fewer = int(outcome.difference.expected) - int(outcome.difference.got)
    if fewer > 0:
        return (
            f"in the ledger of {found[1]}, {fewer} of the tweets that also speak of {found[2]} are missing. What "
            "becomes of an entry whose ledger could not be had in time, or that was written by two at once?"
        )
    return f"in the ledger of {found[1]}, tweets that also speak of {found[2]} were entered {-fewer} times too often"


def hint_of_schedule(failing, tables):
    """The same from the order of steps that the check found, or None."""
    if failing.outcome != "deadlock":
        return None
    waits = [f"{who} waits for {what.rpartition('/')[2]}, which {whom} has" for who, what, whom in failing.waits]
    return f"{'; '.join(waits)}. To come at another moment makes it rarer that they meet, and no more"


def _of_hang(outcome):
    at = [hang for hang in outcome.hangs if hang.engine is not None]
    if len(at) < 2:
        return None
    return (
        f"engine {at[0].engine} ({at[0].label}) and engine {at[1].engine} ({at[1].label}) still wait for each other. "
        "Which ledger "
        "does each have, which does it want? To come at another moment makes it rarer that they meet, and no more"
    )
