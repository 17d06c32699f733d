"""The hashtags in each company's tweets, for the reports of the morning and of noon."""

from ipyparallel import interactive

ROWS = 25


@interactive  # it works with the engine's own names, like a cell that runs there
def tally(company, texts):
    """Hashtag -> how often it is used in the texts of one piece."""
    from collections import Counter

    from loguru import logger

    found = Counter(word.lower() for text in texts for word in text.split() if word.startswith("#"))
    logger.info("{}: {} tweets with {} hashtags", company, len(texts), found.total())
    return found


def report(view, tables):
    """Company -> hashtag -> how often it is used."""
    used = {company: {} for company in tables}
    for company, tweets in tables.items():
        texts = list(tweets["Tweet content"])
        pieces = [texts[start : start + ROWS] for start in range(0, len(texts), ROWS)]
        for found in view.map_async(tally, [company] * len(pieces), pieces).get():
            for hashtag, times in found.items():
                used[company][hashtag] = used[company].get(hashtag, 0) + times
    return used


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns the two reports of the day, on the same tweets."""
    return {"morning": report(view, tables), "noon": report(view, tables)}
