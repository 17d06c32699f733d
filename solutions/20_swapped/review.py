"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    found = re.search(r"\['(\w+)'\]", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables or not outcome.difference.got.isdigit():
        return None
    counts = {one: _copies(list(tweets["Tweet content"])) for one, tweets in tables.items()}
    returned = {one: int(count) for one, count in re.findall(r"'(\w+)': (\d+)", outcome.result or "")}
    if len(tables) > 2 and returned == dict(zip(sorted(counts), sorted(counts.values()), strict=True)):
        return (
            "the names stand in alphabetical order and the numbers in order of size: what have the two to do with each "
            f"other? {found[1]} has {counts[found[1]]} copies"
        )
    if outcome.counters.get("tasks", 0) > 1 == outcome.counters.get("engines_used"):
        return (
            f"all tasks ran on one engine, one after the other, and still {found[1]}, with {counts[found[1]]} copies, "
            f"has {outcome.difference.got} of them: answers that are there at the same time are handed out in any order"
        )
    return _of_count(found[1], int(outcome.difference.got), counts, tables)


def _of_count(company, got, counts, tables):
    whose = [one for one, count in counts.items() if count == got and one != company]
    if whose and len(tables[company]) <= min(len(tables[one]) for one in whose):
        return (
            f"{company}, with {len(tables[company])} tweets, has {counts[company]} copies; {got} is {_listed(whose)}. "
            "Sent first, and yet not back first: does it take long because a table is long?"
        )
    if whose:
        return f"{company} has {counts[company]} copies; {got} is {_listed(whose)}. When did each of the answers come?"
    return f"{company} has {counts[company]} copies; no company has {got}. Which task counted that?"


def _listed(companies):
    return f"the number of {' or '.join(companies)}" if companies else "nobody's number"


def _copies(texts):
    new = []
    for words in (set(text.lower().split()) for text in texts):
        if not any(len(words & others) >= 0.8 * len(words | others) for others in new):
            new.append(words)
    return len(texts) - len(new)
