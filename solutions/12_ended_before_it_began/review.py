"""What a look at a failed check of this exercise says about the mend that was tried."""

import ast
import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    found = re.fullmatch(r"result\['(\w+)'\]", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    company = found[1]
    if outcome.difference.got != str(len(tables[company])):
        kinds = len(set(tables[company]["Tweet content"]))
        return f"{company} has {kinds} different tweets: whose entry gives another number?"
    begun = _begun(outcome.result, tables)
    if len(begun) == len(tables) > 1:
        return (
            "for all companies it is the beginning that counts now, on whichever engine they ended: by what are the "
            "entries ordered, and what has that to do with when they were made?"
        )
    return (
        f"for {', '.join(begun) or company} it is still the beginning that counts. How far apart may two clocks be for "
        "your mend to hold?"
    )


def _begun(result, tables):
    """The companies whose number is that of all their tweets though some are repeated."""
    try:
        numbers = ast.literal_eval(result or "")
        rows = {company: (len(tweets), len(set(tweets["Tweet content"]))) for company, tweets in tables.items()}
        return [company for company, (all_, kinds) in rows.items() if numbers[company] == all_ and all_ != kinds]
    except (ValueError, SyntaxError, KeyError, TypeError):
        return []
