"""The most typical tweet of each company in each of twelve periods: the one that is most like all the others."""

from itertools import pairwise
from zlib import crc32

import numpy as np
from loguru import logger

SIZE = 200_000  # so that hardly ever two words share a place
PERIODS = 12

made = {}


def vector(text):
    """The words of a tweet as a vector of length 1; made once for each text, as many are retweets."""
    if text not in made:
        counts = np.zeros(SIZE)
        for word in text.lower().split():
            counts[crc32(word.encode()) % SIZE] += 1
        made[text] = counts / max(np.linalg.norm(counts), 1)
    return made[text]


def typical(company, texts):
    """The text whose vector is nearest to the mean of all, the first of those; None if there is no text."""
    vectors = [vector(text) for text in texts]
    if not vectors:
        return None
    mean = sum(vectors) / len(vectors)
    scores = [round(float(one @ mean), 9) for one in vectors]
    logger.info("{}: {} tweets, the most typical has {:.2f}", company, len(texts), max(scores))
    return texts[scores.index(max(scores))]


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> the most typical tweet of each period."""
    sent = {}
    for company, tweets in tables.items():
        texts = list(tweets["Tweet content"])
        cuts = [len(texts) * period // PERIODS for period in range(PERIODS + 1)]
        parts = [texts[start:stop] for start, stop in pairwise(cuts)]
        sent[company] = [view.apply_async(typical, company, part) for part in parts]
    return {company: [answer.get() for answer in answers] for company, answers in sent.items()}
