"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.outcome == "hang":
        at = [hang for hang in outcome.hangs if hang.engine is not None]
        if not at:
            return None
        label = at[0].label or "a company"
        engines = ", ".join(str(hang.engine) for hang in at)
        return (
            f"of the parts of {label}, {len(at)} had an engine when the deadline came ({engines}), and kept it while "
            "they waited. On which engine is the part to run that they wait for?"
        )
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables or not outcome.difference.got.isdigit():
        return None
    more = int(outcome.difference.got) - int(outcome.difference.expected)
    if more > 0:
        return (
            f"{more} words of {found[1]} too many are said to occur once: they occur in another part as well. Had all "
            "parts come when that was counted?"
        )
    return f"{-more} words of {found[1]} that occur only once are missing: were all parts counted, each of them once?"
