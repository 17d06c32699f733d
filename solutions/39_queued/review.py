"""What a look at a failed check of this exercise says about the mend that was tried."""

import re

LANGUAGE = "Tweet language (ISO 639-1)"
NAMED = re.compile(r"\['(\w+)'\]\['(\w+)'\]$")


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if outcome.outcome == "hang" and outcome.hangs and outcome.hangs[0].engine is None:
        return (
            f"task {outcome.hangs[0].task} is still out, and no engine is at it. `harness show --events --task "
            f"{outcome.hangs[0].task}` has how often engines had it in hand, and what each of them said"
        )
    if outcome.outcome == "exception" and outcome.failures and outcome.failures[0].type == "KeyError":
        failed = outcome.failures[0]
        return (
            f"now task {failed.task} begins, and ends with KeyError: {failed.message}. The condition had a reason. "
            "What is to come out for that language?"
        )
    found = NAMED.search(outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    company, language = found[1], found[2]
    count = int((tables[company][LANGUAGE] == language).sum())
    if outcome.difference.got == "missing":
        return (
            f"{company} has {count} tweet(s) in {language!r}, and your result does not know that language. The "
            "contract has a value for that"
        )
    if outcome.difference.expected == "None":
        return (
            f"the mood of {company} in {language!r} is {outcome.difference.got}, you say. By the words of which "
            f"language? A mood of 0 says that praise and blame are even; nobody has read these {count} tweet(s)"
        )
    return None
