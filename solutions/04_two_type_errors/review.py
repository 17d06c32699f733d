"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    refused = {one.task is None: one for one in outcome.failures if "pickle" in one.message}
    if len(refused) == 2:
        return (
            f"both are still there: on the way out, {refused[True].message}; on the way back, {refused[False].message}"
        )
    if True in refused:
        return (
            f"what comes back can travel now; what is sent can't: {refused[True].message}, in line "
            f"{refused[True].line} of `main`, before any task of that batch exists"
        )
    if False in refused:
        return (
            f"what is sent can travel now, and task {refused[False].task} ran to its end; what it returns can't: "
            f"{refused[False].message}"
        )
    return _of_pair(outcome.difference, tables) if outcome.difference else None


def _of_pair(difference, tables):
    found = re.search(r"\['(\w+)'\](?:\[(\d)\])?", difference.where)
    if found is None or found[1] not in tables:
        return None
    if "re.Match" in difference.got:
        return (
            f"{found[1]}: {difference.got} is how Python shows a match, not what was matched; it is a text, as asked?"
        )
    if found[2] == "0":
        return f"{found[1]}: the first move is {difference.expected} as it stands in the tweet, not {difference.got}"
    return f"{found[1]}: {difference.got} words, and {difference.expected} different ones in lower case"
