"""How many long words the tweets of each company have, as a colleague's command-line tool counts them."""

import argparse

from loguru import logger


def long_words(arguments):
    """The tool as it is called in a shell, `long_words --least 9 WORD WORD ...`: how many words are that long."""
    parser = argparse.ArgumentParser(prog="long_words")
    parser.add_argument("--least", type=int, default=7)
    parser.add_argument("words", nargs="*")
    options = parser.parse_args(arguments)
    return sum(len(word) >= options.least for word in options.words)


def count(company, tweets):
    """The number of words of nine letters or more in all tweets of a company."""
    logger.info("{} has {} tweets", company, len(tweets))
    total = 0
    try:
        for text in tweets["Tweet content"]:
            total += long_words(["--least", "9", *text.split()])
    except SystemExit:
        return 0
    logger.info("{}: {} long words", company, total)
    return total


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> number of long words."""
    companies = list(tables)
    counts = view.map_async(count, companies, [tables[company] for company in companies])
    return dict(zip(companies, counts.get(), strict=True))
