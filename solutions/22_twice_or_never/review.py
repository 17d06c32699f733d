"""What a look at a failed check of this exercise says about the mend that was tried."""

import re


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    found = re.search(r"\['(\w+)'\]\['(\w+)'\]", outcome.difference.where) if outcome.difference else None
    if found is None or found[1] not in tables:
        return None
    company, user = found.groups()
    wrote = list(tables[company]["Nickname"]).count(user)
    if "leaked-state" in outcome.signs:
        return (
            f"{user} wrote {_tweets(wrote)} about {company}, and still engines do not agree on them. You change a "
            "variable in engines that have begun long ago: when does Python read that one?"
        )
    got = int(outcome.difference.got) if outcome.difference.got.isdigit() else 0
    twice = _too_often(outcome.result or "", tables)
    if got == 0 and not twice:
        return (
            f"nobody is counted twice any more, as far as the result is shown; and {user}, with {_tweets(wrote)} about "
            f"{company}, not at all. A name that no task took for its own can't be brought back by how counts are added"
        )
    how = f"{got // wrote} times" if wrote and got > wrote else "never"
    return (
        f"{user} wrote {_tweets(wrote)} about {company} and is counted {how}. Each engine works out for itself to "
        "which share a name belongs. Let it log what it works with, for this one name: do all of them get the same?"
    )


def _too_often(result, tables):
    """Users in the part of the result that is kept as text who are counted with more tweets than they wrote."""
    written = {}
    for tweets in tables.values():
        for user in tweets["Nickname"]:
            written[user] = written.get(user, 0) + 1
    return [user for user, count in re.findall(r"'(\w+)': (\d+)", result) if int(count) > written.get(user, 0)]


def _tweets(count):
    return "1 tweet" if count == 1 else f"{count} tweets"
