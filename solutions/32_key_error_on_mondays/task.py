"""How many of a company's tweets are longer than is usual for it; what is usual is noted down for all to see."""

import json
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from loguru import logger


def note_usual(company, texts, file):
    """Add a line to the file: the company, and how many characters its tweets usually have."""
    usual = median(len(text) for text in texts)
    with open(file, "a") as notes:
        notes.write(json.dumps([company, usual]) + "\n")
    logger.info("{}: usually {} characters", company, usual)


def count_longer(company, texts, file):
    """How many of the texts have more characters than is usual for the company."""
    usual = dict(json.loads(line) for line in file.read_text().splitlines())
    logger.info("{}: {} companies are noted", company, len(usual))
    return sum(len(text) > usual[company] for text in texts)


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> number of tweets longer than usual."""
    texts = [list(tweets["Tweet content"]) for tweets in tables.values()]
    with TemporaryDirectory() as folder:
        files = [Path(folder, "usual.txt")] * len(texts)
        files[0].touch()
        view.map_async(note_usual, list(tables), texts, files).get()
        longer = view.map_async(count_longer, list(tables), texts, files).get()
    return dict(zip(tables, longer, strict=True))
