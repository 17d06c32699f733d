"""How many tweets of each company are near copies of others; a company that takes too long is left out."""

import gc
from difflib import SequenceMatcher

from loguru import logger

LIMIT = 1.0  # seconds that a company may take


def alike(one, other):
    """Whether two tweets are nearly the same, word by word, as a copied one with a word changed is."""
    return SequenceMatcher(None, one, other).ratio() > 0.8


def near_copies(company, texts):
    """How many pairs of tweets are nearly the same."""
    logger.info("{}: {} tweets", company, len(texts))
    tweets = [text.split() for text in texts]
    pairs = 0
    for number, tweet in enumerate(tweets):
        pairs += sum(alike(tweet, other) for other in tweets[:number])
        if number % 100 == 99:
            logger.info("{}: {} tweets compared, {} pairs", company, number + 1, pairs)
    return pairs


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> pairs of near copies, or None."""
    sent = {
        company: view.apply_async(near_copies, company, list(tweets["Tweet content"]))
        for company, tweets in tables.items()
    }
    found = {}
    for company, answer in sent.items():
        try:
            found[company] = answer.get(timeout=LIMIT)
        except TimeoutError:
            logger.warning("{}: not done in {} s, cancelled", company, LIMIT)
            view.client.abort(answer, block=False)
            found[company] = None
    view.client[:].apply_sync(gc.collect)  # all are done; leave the engines as they were
    return found
