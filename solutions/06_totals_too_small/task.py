"""How often the tweets of each company were retweeted; each task leaves the sum of 25 tweets in a file of its own."""

import tempfile
from pathlib import Path

import ipyparallel
from loguru import logger

ROWS = 25


def pieces(tweets):
    """The retweet counts in pieces of 25, as they stand in the table."""
    counts = list(tweets["RTs"])
    return [counts[start : start + ROWS] for start in range(0, len(counts), ROWS)]


def add_up(company, number, counts, folder):
    """Write the sum of one piece into the folder."""
    logger.info("{}, piece {}: {} tweets", company, number, len(counts))
    total = sum(int(count) for count in counts)
    (Path(folder) / f"{company}-{number}.txt").write_text(str(total))


def total(company, folder):
    """The sum of what a company's tasks have left in the folder."""
    return sum(int(file.read_text()) for file in Path(folder).glob(f"{company}-*.txt"))


def complete(company, answers):
    """Whether all tasks of a company have done their work; logs why not."""
    try:
        for answer in answers:
            answer.get()
    except ipyparallel.RemoteError as error:
        logger.warning("{}: {}", company, error)
        return False
    return True


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> number of retweets, or None."""
    sent = {company: [] for company in tables}
    with tempfile.TemporaryDirectory() as folder:
        for company, tweets in tables.items():
            for number, counts in enumerate(pieces(tweets)):
                sent[company].append(view.apply_async(add_up, company, number, counts, folder))
        view.wait()
        return {company: total(company, folder) if complete(company, sent[company]) else None for company in tables}
