"""The three tasks for all companies on engines: what changes is that tables are cut, mapped and added up."""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pandas as pd

from harness.analysis import tweets
from harness.analysis.sequential import Analysis, analyse
from harness.places import TWEETS

LAST_PARTS = 4  # for each engine


def parts(table: pd.DataFrame, n: int) -> list[pd.DataFrame]:
    """A table cut into `n` consecutive parts that are equally long, give or take a row; none is left out if empty."""
    cuts = [len(table) * part // n for part in range(n + 1)]
    return [table.iloc[first:end] for first, end in pairwise(cuts)]


def run(
    view,
    companies: Iterable[str] = tweets.COMPANIES,
    folder: Path = TWEETS,
    rows: int | None = None,
    timeout: float | None = None,
) -> dict[str, Analysis]:
    """The same as `sequential.run`, on the engines of an ipyparallel view.

    The engines begin with one company's tweets while the next company's are read. Every engine gets a part of each
    table; the last table is cut into smaller parts, so that no engine works for long when the others have nothing left
    to do.

    `timeout` is how long to wait for a company's results, in seconds; raises ipyparallel's TimeoutError after it, and
    what a task raised.
    """
    companies = list(companies)
    engines = len(view.client.ids)
    pending = {}
    for company in companies:
        table = tweets.load(company, folder, rows, tweets.COLUMNS)
        each = LAST_PARTS if company == companies[-1] else 1
        pending[company] = view.map_async(analyse, parts(table, each * engines))
    return {company: sum(results.get(timeout), start=Analysis()) for company, results in pending.items()}
