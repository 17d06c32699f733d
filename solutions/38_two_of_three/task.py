"""How many words occur only once in the tweets of a company; large tables are shared in parts, one task a part."""

from collections import Counter

from loguru import logger

LARGE = 20


def count_words(company, part, parts, texts):
    """Word of this part -> how often it occurs there."""
    counts = Counter(word for text in texts for word in text.lower().split())
    logger.info("{}: part {} of {} has {} words", company, part + 1, parts, len(counts))
    return counts


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> number of words that occur only once."""
    found = {}
    for company, tweets in tables.items():
        texts = list(tweets["Tweet content"])
        # one part more than engines, for the one that is done first
        parts = len(view.client) + 1 if len(texts) >= LARGE else 1
        sent = [view.apply_async(count_words, company, n, parts, texts[n::parts]) for n in range(parts)]
        in_all = sum((answer.get() for answer in sent), Counter())
        found[company] = sum(times == 1 for times in in_all.values())
    return found
