"""What a look at a failed check of this exercise says about the mend that was tried."""

import ast
import math
import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    found = re.fullmatch(r"result\['(\w+)'\](?:\['(\w+)'\])?", outcome.difference.where) if outcome.difference else None
    if found is None:
        return None
    when, company = found.groups()
    try:
        got = float(outcome.difference.got)
    except ValueError:
        return f"the result has no number for `{company or when}`: two rounds, `before` and `after`, with all companies"
    words = [word for text in tables[company]["Tweet content"] for word in text.split()]
    links = sum(word.startswith("http") for word in words)
    if when == "after" and math.isclose(got, len(words) / len(tables[company])):
        if moved := _moved(outcome.result):
            return (
                f"{', '.join(moved)} changed with the mend and {company} did not: some of the engines have the new "
                "version, and not all"
            )
        if outcome.counters.get("tasks", 0) >= 3 * len(tables) > 6:
            return "you asked once more and got the same answer: what would have to happen between the two rounds?"
        return (
            f"after the mend {company} still has {len(words)} words, {links} of them links: the engine that counted "
            "them has not read the file again. Was it that engine that your mend spoke to?"
        )
    if when == "before" and math.isclose(got, (len(words) - links) / len(tables[company])):
        return "the first round is counted by the rule of noon now: it is to be published between the two"
    return None


def _moved(result):
    """The companies whose numbers differ between the rounds, as far as the bounded text of the result can be read."""
    try:
        rounds = ast.literal_eval(result or "")
        return [company for company, before in rounds["before"].items() if rounds["after"][company] != before]
    except (ValueError, SyntaxError, KeyError, TypeError, AttributeError):
        return []
