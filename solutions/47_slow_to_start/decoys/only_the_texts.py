"""Which hashtags each company's tweets have, and how often; the work is shared in pieces, one task a piece."""

from collections import Counter
from functools import partial

from loguru import logger

ROWS = 80


def hashtags(tables, company, start):
    """Hashtag -> how often it is in one piece of a company's tweets."""
    texts = tables[company][start : start + ROWS]
    found = Counter(word.lower() for text in texts for word in text.split() if word.startswith("#"))
    logger.info("{}: {} tweets from row {}, {} hashtags", company, len(texts), start, found.total())
    return found


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> hashtag -> how often."""
    work = [(company, start) for company, tweets in tables.items() for start in range(0, len(tweets), ROWS)]
    companies, starts = [company for company, _ in work], [start for _, start in work]
    tables = {company: list(tweets["Tweet content"]) for company, tweets in tables.items()}
    counted = view.map_async(partial(hashtags, tables), companies, starts).get()
    found = {company: Counter() for company in tables}
    for company, part in zip(companies, counted, strict=True):
        found[company].update(part)
    return {company: dict(counts) for company, counts in found.items()}
