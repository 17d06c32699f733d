"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.deaths:
        return _of_deaths(outcome.deaths)
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    missing = sum(not isinstance(time, str) for time in tables[found[1]]["Hour"])
    if not missing:
        return None
    return (
        f"{found[1]}: {missing} of its {len(tables[found[1]])} tweets have no time. No engine dies of them any more; "
        "at which hour do they count now?"
    )


def _of_deaths(deaths):
    task, label = deaths[0].task, deaths[0].label
    if len({death.engine for death in deaths}) == 1:
        return (
            f"task {task} {label} ended one engine this time, and was not tried again. What is left to mend is what "
            "it does to an engine: the last words have the line"
        )
    return (
        f"task {task} {label} was given to {len(deaths)} engines, and ended each. What should be different on the next?"
    )
