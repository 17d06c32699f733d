"""Which move in percent each company's tweets quote first, and how many different words they use."""

import re

from loguru import logger

MOVE = re.compile(r"[+-]?\d+(?:\.\d+)?%")


def first_move(company, texts):
    """The first move that a tweet quotes, as it is written, such as -3.2%; None if no tweet quotes one."""
    for row, text in enumerate(texts):
        if move := MOVE.search(text):
            logger.info("{}: {} in row {}", company, move.group(), row)
            return move
    logger.info("{}: none in {} tweets", company, len(texts))
    return None


def vocabulary(company, words):
    """How many different words there are."""
    different = len(set(words))
    logger.info("{}: {} different words", company, different)
    return different


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> (first move, number of different words)."""
    companies = list(tables)
    texts = [list(tables[company]["Tweet content"]) for company in companies]
    words = [[word for text in tweets for word in text.lower().split()] for tweets in texts]
    moves = view.map_async(first_move, companies, texts)
    sizes = view.map_async(vocabulary, companies, words)
    return dict(zip(companies, zip(moves.get(), sizes.get(), strict=True), strict=True))
