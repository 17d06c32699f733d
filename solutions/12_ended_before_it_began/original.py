"""How many different tweets each company has, as the journals say that the notebook and the engines keep."""

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger


@contextmanager
def journal(file):
    """While open, what is logged is written to the file, each entry with its time."""
    sink = logger.add(file, format="{time:YYYY-MM-DD HH:mm:ss.SSSSSS!UTC} | {message}")
    try:
        yield
    finally:
        logger.remove(sink)


def count_different(company, tweets, folder):
    """Note in this engine's journal how many different tweets are left when the company's count ends."""
    with journal(Path(folder) / f"engine-{os.getpid()}.log"):
        logger.info("{} | ends | {}", company, tweets["Tweet content"].nunique())


def latest(folder):
    """Company -> the number in its latest entry, whichever journal it is in."""
    entries = [line.split(" | ") for path in Path(folder).glob("*.log") for line in path.read_text().splitlines()]
    numbers = {}
    for _time, company, _step, number in sorted(entries):
        numbers[company] = int(number)
    return numbers


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> number of different tweets."""
    with TemporaryDirectory() as folder:
        with journal(Path(folder) / "notebook.log"):
            for company, tweets in tables.items():
                logger.info("{} | begins | {}", company, len(tweets))
            folders = [folder] * len(tables)
            view.map_async(count_different, list(tables), list(tables.values()), folders).get()
        return latest(folder)
