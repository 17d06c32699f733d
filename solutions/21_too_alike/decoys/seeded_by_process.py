"""Which tweets of each company four people are to rate by hand: a sample for each of them, drawn at random."""

import os
import random

from loguru import logger

PEOPLE = 4
SIZE = 12
SEED = 20160428

draws = random.Random(SEED + os.getpid())


def draw(company, person, rows):
    """The numbers of the rows that one person gets, in the order of the table: 12, or all if there are fewer."""
    drawn = sorted(draws.sample(range(rows), min(SIZE, rows)))
    logger.info("{} for person {}: {}", company, person, drawn)
    return drawn


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> four samples, each a list of row numbers."""
    work = [(company, person, len(tweets)) for company, tweets in tables.items() for person in range(PEOPLE)]
    companies, people, rows = zip(*work, strict=True)
    drawn = view.map_async(draw, companies, people, rows).get()
    samples = {company: [] for company in tables}
    for company, sample in zip(companies, drawn, strict=True):
        samples[company].append(sample)
    return samples
