"""How often the tweets of each company were retweeted; each task leaves the sum of 25 tweets in a file of its own."""

import tempfile
from pathlib import Path

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


def total(company, folder, expected):
    """The sum of what a company's tasks have left in the folder."""
    files = list(Path(folder).glob(f"{company}-*.txt"))
    return sum(int(file.read_text()) for file in files) if len(files) == expected else None


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> number of retweets."""
    sent = {company: [] for company in tables}
    with tempfile.TemporaryDirectory() as folder:
        for company, tweets in tables.items():
            for number, counts in enumerate(pieces(tweets)):
                sent[company].append(view.apply_async(add_up, company, number, counts, folder))
        view.wait()
        return {company: total(company, folder, len(sent[company])) for company in tables}
