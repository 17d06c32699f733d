"""The hashtags in each company's tweets, for the reports of the morning and of noon; the engines keep the tallies."""

from ipyparallel import interactive

ROWS = 25


@interactive  # it works with the engine's own names, like a cell that runs there
def tally(company, texts):
    """Add the hashtags of one piece to the engine's tally of the company, so that little has to be sent back."""
    from collections import Counter

    from loguru import logger

    globals()["tallies"] = {}
    found = globals()["tallies"].setdefault(company, Counter())
    found.update(word.lower() for text in texts for word in text.split() if word.startswith("#"))
    logger.info("{}: {} tweets; on this engine now {} hashtags of it", company, len(texts), found.total())


@interactive
def tallies_so_far():
    """What the engine has."""
    return globals().get("tallies", {})


def report(view, tables):
    """Company -> hashtag -> how often it is used."""
    for company, tweets in tables.items():
        texts = list(tweets["Tweet content"])
        pieces = [texts[start : start + ROWS] for start in range(0, len(texts), ROWS)]
        view.map_async(tally, [company] * len(pieces), pieces).get()
    used = {company: {} for company in tables}
    for tallies in view.client[:].apply_sync(tallies_so_far):
        for company, found in tallies.items():
            for hashtag, times in found.items():
                used[company][hashtag] = used[company].get(hashtag, 0) + times
    return used


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns the two reports of the day, on the same tweets."""
    return {"morning": report(view, tables), "noon": report(view, tables)}
