"""The pairs of words that stand side by side most often in each company's tweets; one task a company and day."""

from collections import Counter
from itertools import pairwise

from loguru import logger

MOST = 5


def pairs(text):
    """Each two words of a tweet that stand side by side, in lower case, in the order of the text."""
    return pairwise(text.lower().split())


def count_pairs(company, texts):
    """Pair -> how often it occurs in the texts of one day."""
    total = sum((Counter(pairs(text)) for text in texts), Counter())
    logger.info("{}: {} tweets, {} different pairs", company, len(texts), len(total))
    return total


def most_frequent(counts):
    """The most frequent pairs with their counts; of equally frequent ones those that come first in the alphabet."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST]


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> its most frequent pairs, counted."""
    days = [
        (company, list(texts))
        for company, tweets in tables.items()
        for _, texts in tweets.groupby("Date")["Tweet content"]
    ]
    counted = view.map_async(count_pairs, [company for company, _ in days], [texts for _, texts in days]).get()
    totals = {company: Counter() for company in tables}
    for (company, _), counts in zip(days, counted, strict=True):
        totals[company].update(counts)
    return {company: most_frequent(counts) for company, counts in totals.items()}
