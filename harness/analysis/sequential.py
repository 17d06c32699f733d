"""The three tasks for one company after the other, in one process."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from harness.analysis import lemmas, sentiment, statistics, tweets
from harness.analysis.statistics import Statistics
from harness.places import TWEETS


@dataclass(frozen=True)
class Analysis:
    """What the three tasks found in a table of tweets. Those of two tables, one below the other, add up."""

    statistics: Statistics = field(default_factory=Statistics)
    lemmas: Counter[str] = field(default_factory=Counter)
    positive: list[bool | None] = field(default_factory=list)

    def __add__(self, other: "Analysis") -> "Analysis":
        lemmas = self.lemmas.copy()
        lemmas.update(other.lemmas)  # `+` would go over all of both, one by one
        return Analysis(self.statistics + other.statistics, lemmas, self.positive + other.positive)


def analyse(table: pd.DataFrame) -> Analysis:
    """The three tasks on one table of tweets, as `tweets.load` reads it."""
    texts = table[tweets.TEXT]
    return Analysis(statistics.describe(table), lemmas.count(texts.dropna()), sentiment.classify(texts))


def run(
    companies: Iterable[str] = tweets.COMPANIES, folder: Path = TWEETS, rows: int | None = None
) -> dict[str, Analysis]:
    """The analysis of each company; `rows` reads the first rows of each table only."""
    return {company: analyse(tweets.load(company, folder, rows, tweets.COLUMNS)) for company in companies}
