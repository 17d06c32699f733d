"""The three tasks for all companies on engines: what changes is that tables are cut, mapped and added up."""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pandas as pd

from harness.analysis import tweets
from harness.analysis.sequential import Analysis, analyse
from harness.places import TWEETS

PARTS_OF_THE_LAST = 3  # for each engine


def parts(table: pd.DataFrame, n: int) -> list[pd.DataFrame]:
    """A table cut into `n` consecutive parts that are equally long, give or take a row; none is left out if empty."""
    cuts = [len(table) * part // n for part in range(n + 1)]
    return [table.iloc[first:end] for first, end in pairwise(cuts)]


def how_many_parts(place: int, companies: int, engines: int) -> int:
    """Into how many parts the table of the company at `place`, counted from 0, is cut."""
    if place == companies - 1:
        return PARTS_OF_THE_LAST * engines
    return 1 if place < companies - engines else engines


def run(
    view,
    companies: Iterable[str] = tweets.COMPANIES,
    folder: Path = TWEETS,
    rows: int | None = None,
    timeout: float | None = None,
) -> dict[str, Analysis]:
    """The same as `sequential.run`, on the engines of an ipyparallel view.

    The engines begin with one company's tweets while the next company's are read. A table that is not cut is looked up
    in the dictionary once, so the first tables go whole, as long as every engine gets one of the later ones; those
    are cut into a part for each engine, and the last one into smaller parts, so that no engine works for long when the
    others have nothing left to do.

    `timeout` is how long to wait for a company's results, in seconds; raises ipyparallel's TimeoutError after it, and
    what a task raised.
    """
    companies = list(companies)
    engines = len(view.client.ids)
    pending = {}
    for place, company in enumerate(companies):
        table = tweets.load(company, folder, rows, tweets.COLUMNS)
        pending[company] = view.map_async(analyse, parts(table, how_many_parts(place, len(companies), engines)))
    return {company: sum(results.get(timeout), start=Analysis()) for company, results in pending.items()}
