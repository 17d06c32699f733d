"""The average number of words in each company's tweets; a table that can't be used is reported instead."""

import ipyparallel
from loguru import logger


class Unusable(Exception):
    """A tweet in which there is nothing to count."""

    def __init__(self, row, text):
        super().__init__(row, text)
        self.row = row
        self.text = text

    def __str__(self):
        return f"row {self.row}: no word in {len(self.text)} characters"


def words_of(row, text):
    """The words of a tweet; raises Unusable if it has none."""
    words = text.split() if isinstance(text, str) else []
    if not words:
        raise Unusable(row, text)
    return words


def average_words(company, tweets):
    """The average number of words of a company's tweets."""
    logger.info("{} has {} tweets", company, len(tweets))
    counts = [len(words_of(row, text)) for row, text in enumerate(tweets["Tweet content"])]
    logger.info("{}: {} words", company, sum(counts))
    return sum(counts) / len(counts)


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> average, or what is wrong with it."""
    answers = {company: view.apply_async(average_words, company, tweets) for company, tweets in tables.items()}
    report = {}
    for company, answer in answers.items():
        try:
            report[company] = answer.get()
        except ipyparallel.RemoteError as error:
            report[company] = f"{error.ename}: {error.evalue}"
    return report
