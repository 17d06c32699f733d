"""The three tasks for all companies on engines: what changes is that tables are cut, mapped and added up."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pandas as pd

from harness.analysis import tweets
from harness.analysis.sequential import Analysis, analyse
from harness.places import TWEETS

FIRST = 1500  # rows that each engine begins with: more work than reading a table while they do
LEAST = 200  # rows of a part that is small on purpose: still more work than sending it


def parts(table: pd.DataFrame, n: int) -> list[pd.DataFrame]:
    """A table cut into `n` consecutive parts that are equally long, give or take a row; none is left out if empty."""
    cuts = [len(table) * part // n for part in range(n + 1)]
    return [table.iloc[first:end] for first, end in pairwise(cuts)]


def ever_smaller_parts(table: pd.DataFrame, engines: int, least: int = LEAST) -> list[pd.DataFrame]:
    """A table cut into consecutive parts: for all engines together 3/4 of it, 3/4 of what is left, and so on.

    So few parts are sent, and no engine works for long when the others have nothing left to do. Parts have at least
    `least` rows, if the table has. This is *factoring*: S. F. Hummel, E. Schonberg and L. E. Flynn, Communications of
    the ACM 35(8), 1992, pages 90–101. They take half each time; where every row takes about the same, more will do.
    """
    found, left = [], table
    while len(left) >= 4 * least * engines:
        most = len(left) * 3 // 4
        found += parts(left.iloc[:most], engines)
        left = left.iloc[most:]
    return found + parts(left, engines)


def cut(
    companies: Iterable[str], folder: Path, rows: int | None, engines: int
) -> Iterator[tuple[str, list[pd.DataFrame]]]:
    """Each company with its tweets in parts, in order; tables are read when they are asked for.

    So that engines begin soon, the first company comes twice: with a few rows for each engine, then with the others.
    So that they end together, the last table's parts are ever smaller.
    """
    companies, ahead = list(companies), FIRST * engines
    for company in companies:
        begun = 0
        if company == companies[0]:
            first = tweets.load(company, folder, ahead if rows is None else min(ahead, rows), tweets.COLUMNS)
            yield company, parts(first, engines)
            begun = len(first)
            if begun < ahead:
                continue
        table = tweets.load(company, folder, rows, tweets.COLUMNS).iloc[begun:]
        yield company, ever_smaller_parts(table, engines) if company == companies[-1] else parts(table, engines)


def added(found: Iterable[tuple[str, Iterable[Analysis]]]) -> dict[str, Analysis]:
    """By company, what was found in its parts, which may come in several portions."""
    total: dict[str, Analysis] = {}
    for company, analyses in found:
        total[company] = sum(analyses, start=total.get(company, Analysis()))
    return total


def run(
    view,
    companies: Iterable[str] = tweets.COMPANIES,
    folder: Path = TWEETS,
    rows: int | None = None,
    timeout: float | None = None,
) -> dict[str, Analysis]:
    """The same as `sequential.run`, on the engines of an ipyparallel view.

    The engines work on tables that have been read while the next ones are. `timeout` is how long to wait for the
    results of each portion, in seconds; raises ipyparallel's TimeoutError after it, and what a task raised.
    """
    tables = cut(companies, folder, rows, len(view.client.ids))
    sent = [(company, view.map_async(analyse, pieces)) for company, pieces in tables]
    return added((company, results.get(timeout)) for company, results in sent)
