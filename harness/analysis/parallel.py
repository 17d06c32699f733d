"""The three tasks for all companies on engines: what changes is that tables are cut, mapped and added up."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from harness.analysis import tweets
from harness.analysis.sequential import Analysis, analyse
from harness.places import TWEETS

ROWS_A_PART = 7_500  # about half a second of work, a hundred times what sending it takes
ROWS_A_LAST_PART = 1_875


def parts(table: pd.DataFrame, rows: int) -> list[pd.DataFrame]:
    """A table cut into consecutive parts of at most `rows` rows, with the columns that the tasks read.

    There is always a part, if an empty one: ipyparallel's maps of nothing return no result to wait for.
    """
    table = table[tweets.COLUMNS]
    return [table.iloc[first : first + rows] for first in range(0, max(len(table), 1), rows)]


def run(
    view,
    companies: Iterable[str] = tweets.COMPANIES,
    folder: Path = TWEETS,
    rows: int | None = None,
    timeout: float | None = None,
) -> dict[str, Analysis]:
    """The same as `sequential.run`, on the engines of an ipyparallel view.

    The engines begin with one company's tweets while the next company's are read. The last company's parts are
    smaller, so that no engine works on a large one when the others have nothing left to do.

    `timeout` is how long to wait for a company's results, in seconds; raises ipyparallel's TimeoutError after it, and
    what a task raised.
    """
    companies = list(companies)
    pending = {}
    for company in companies:
        table = tweets.load(company, folder, rows)
        size = ROWS_A_LAST_PART if company == companies[-1] else ROWS_A_PART
        pending[company] = view.map_async(analyse, parts(table, size))
    return {company: sum(results.get(timeout), start=Analysis()) for company, results in pending.items()}
