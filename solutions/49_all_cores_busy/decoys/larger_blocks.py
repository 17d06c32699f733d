"""Which share of each company's tweets is nearly the same as another one of it; one task a company."""

import numpy as np
from loguru import logger

ROWS = 100
NEARLY = 0.6


def word_table(texts):
    """A table of 0 and 1, shape (texts, words): which of all the words each text has."""
    words = [set(text.lower().split()) for text in texts]
    columns = {word: number for number, word in enumerate(sorted(set().union(*words)))}
    table = np.zeros((len(texts), len(columns)))
    for row, found in enumerate(words):
        table[row, [columns[word] for word in found]] = 1
    return table


def doubled(table):
    """How many rows have at least NEARLY of their words in common with another row. A hundred at a time."""
    sizes, count = table.sum(axis=1), 0
    for start in range(0, len(table), ROWS):
        common = table[start : start + ROWS] @ table.T
        either = sizes[start : start + ROWS, None] + sizes - common
        alike = common >= NEARLY * either
        count += int((alike.sum(axis=1) > 1).sum())  # each is like itself
    return count


def share_doubled(company, texts):
    """The share of the texts, from 0 to 1, that are nearly the same as another one; None if there are none."""
    if not texts:
        return None
    table = word_table(texts)
    logger.info("{}: {} tweets, {} different words", company, *table.shape)
    return doubled(table) / len(texts)


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> share of tweets that are nearly another one."""
    companies = list(tables)
    texts = [list(tweets["Tweet content"]) for tweets in tables.values()]
    return dict(zip(companies, view.map_async(share_doubled, companies, texts).get(), strict=True))
