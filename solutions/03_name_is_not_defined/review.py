"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

NAMES = ("Counter", "re", "logger")


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    unknown = [one for one in outcome.failures if one.type == "NameError" and one.engine is not None]
    if unknown:
        return _of_unknown(unknown, outcome.counters.get("engines_used", 0))
    found = re.search(r"'(\w+)'", outcome.difference.where) if outcome.difference else None
    if found and found[1] in tables:
        tags = re.findall(r"#\w+", "\n".join(tables[found[1]]["Tweet content"]).lower())
        return (
            f"{found[1]}: {outcome.difference.where} is {outcome.difference.got} and should be "
            f"{outcome.difference.expected}; its {len(tags)} hashtags are still in its tweets. A NameError that is "
            "caught is a name that is not known all the same"
        )
    return None


def _of_unknown(failures, engines_used):
    engines = sorted({one.engine for one in failures})
    name = next(iter(re.findall(r"'(\w+)'", failures[0].message)), "?")
    if len(engines) < engines_used:
        return (
            f"engine {engines[0]} does not know {name!r}, and another one does by now: what was said to one engine was "
            "not said to all, nor to those that join later"
        )
    if name in NAMES[1:]:
        return (
            f"`Counter` is known there now, and the next name is not: {name!r}. The message names one at a time; "
            "`__code__.co_names` names them all"
        )
    return f"no engine knows {name!r} yet. In which process is the line executed with which you import it?"
