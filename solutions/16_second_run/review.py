"""What a look at a failed check of this exercise says about the mend that was tried."""

import re
from collections import Counter

ROWS = 25


def hint(outcome, tables):
    """A sentence computed from the outcome and the tables, or None."""
    if not outcome.difference:
        return None
    found = re.fullmatch(r"result\['(\w+)'\](?:\['(\w+)'\])?(?:\['(.+)'\])?", outcome.difference.where)
    if found is None:
        return "the result has two parts, `morning` and `noon`, each with all companies"
    report, company, hashtag = found.groups()
    if company not in tables or hashtag is None:
        return f"the report of `{report}` has no usable entry for {company or 'the companies'}"
    pieces = sum(-(-len(tweets) // ROWS) for tweets in tables.values())
    besides = outcome.counters.get("tasks", 0) - 2 * pieces
    more = besides > 2 * outcome.counters.get("engines_used", 0)
    return _of_number(report, company, hashtag, outcome.difference.got, tables[company], more)


def _of_number(report, company, hashtag, got, tweets, more):
    """`more`: whether more tasks were sent than count pieces or ask the engines for their tallies."""
    words = [word.lower() for text in tweets["Tweet content"] for word in text.split()]
    true = Counter(words)[hashtag]
    got = int(got) if got.isdigit() else 0
    if report == "morning":
        return (
            f"now the first report is wrong: {hashtag} is {got} there, and {company} has it {true} times. What becomes "
            "of what an engine found in one piece when it gets the next?"
        )
    if got > true and more:
        return (
            f"{hashtag} of {company} is {got} at noon and {true} in truth, though you sent something besides the "
            "pieces: which engines did it reach, and which not?"
        )
    if got == 2 * true:
        return f"{hashtag} of {company} is {got} at noon, twice the {true} of the morning: no engine forgot anything"
    if got > true:
        return (
            f"{hashtag} of {company} is {got} at noon, more than the {true} that there are and less than {2 * true}: "
            "some of the engines have forgotten the morning, and not all"
        )
    return f"{hashtag} of {company} is {got} at noon and {true} in truth: something was forgotten that was still needed"
