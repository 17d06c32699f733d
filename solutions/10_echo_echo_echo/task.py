"""How many tweets of each company carry a link, counted in pieces of 25, with the lines that the tasks logged."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger

ROWS = 25


def pieces(tables):
    """Company and texts of each piece of work, so that every engine has something to do."""
    for company, tweets in tables.items():
        texts = list(tweets["Tweet content"])
        for start in range(0, len(texts), ROWS):
            yield company, texts[start : start + ROWS]


def count_links(company, texts, folder):
    """How many of the texts carry a link. What was counted is logged to a file of this engine in the folder."""
    sink = logger.add(Path(folder) / f"{os.getpid()}.log", format="{message}")
    try:
        links = sum("http" in text for text in texts)
        logger.info("{}: {} tweets, {} with a link", company, len(texts), links)
    finally:
        logger.remove(sink)
    return links


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns tweets with a link by company, and the log, sorted."""
    companies, texts = zip(*pieces(tables), strict=True)
    with TemporaryDirectory() as folder:
        counted = view.map_async(count_links, companies, texts, [folder] * len(texts)).get()
        log = sorted(line for path in Path(folder).glob("*.log") for line in path.read_text().splitlines())
    links = dict.fromkeys(tables, 0)
    for company, count in zip(companies, counted, strict=True):
        links[company] += count
    return {"links": links, "log": log}
