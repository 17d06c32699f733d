"""Small tables for exercises: made tweets of the four companies, a few hundred rows that differ with the seed."""

from typing import Any

import pandas as pd

from harness.inputs.made import table
from harness.inputs.schema import COLUMNS

ROWS = {"amzn": 160, "googl": 130, "msft": 110, "nflx": 90}
NUMBERS = ["Favs", "RTs", "Followers", "Following", "Listed"]


def small(seed: int, rows: dict[str, int] | None = None) -> dict[str, pd.DataFrame]:
    """Company → table in the columns of the export, oldest tweet first; text is str, counts are int, dates parsed."""
    return {company: _table(company, count, seed) for company, count in (rows or ROWS).items()}


def repeated(tables: dict[str, Any], times: int) -> dict[str, Any]:
    """Each table `times` times below itself, so many times as long; what is no table is left as it is.

    Every text comes again: no word is new in the longer table.
    """
    return {
        name: pd.concat([table] * times, ignore_index=True) if isinstance(table, pd.DataFrame) else table
        for name, table in tables.items()
    }


def several(tables: dict[str, Any], times: int) -> dict[str, Any]:
    """Each table so many times, as amzn, amzn_2, …: more companies, for tasks that do not take time in proportion."""
    return {
        name if number == 1 else f"{name}_{number}": table
        for number in range(1, times + 1)
        for name, table in tables.items()
    }


def _table(company: str, rows: int, seed: int) -> pd.DataFrame:
    made = pd.DataFrame(table(company, rows, seed)[::-1], columns=list(COLUMNS))
    made["Date"] = pd.to_datetime(made["Date"])
    for column in NUMBERS:
        made[column] = made[column].astype(int)
    made["Tweet content"] = made["Tweet content"].astype(object)
    return made
