"""What a look at a failed check of this exercise says about the mend that was tried."""

import re
from pathlib import Path


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    missing = [one for one in outcome.failures if one.type == "FileNotFoundError"]
    if missing:
        found = re.search(r"directory: '(.+)'", missing[0].message)
        if found and Path(found[1]).is_absolute():
            return f"now engine {missing[0].engine} looks for {found[1]}: which process put that folder in front?"
        moved = (
            "and it was moved to another folder, where it is still" if "leaked-state" in outcome.signs else "as before"
        )
        return f"engine {missing[0].engine} looks from the folder it stands in, {moved}: is that the notebook's?"
    found = re.fullmatch(r"result\['(\w+)'\]", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    if outcome.difference.got == "0":
        return (
            f"{found[1]} mentions nothing in your result and {outcome.difference.expected} times in truth: with how "
            "many keywords did its task work?"
        )
    return None
