"""The tables of tweets: which companies there are, and how one table is read."""

from pathlib import Path

import pandas as pd

from harness.errors import BadInput
from harness.places import TWEETS

COMPANIES = {"amzn": "Amazon", "googl": "Google", "msft": "Microsoft", "nflx": "Netflix"}
TEXT = "Tweet content"
COLUMNS = ["Date", "Hour", TEXT, "RTs"]  # those that the three tasks read


def load(
    company: str, folder: Path = TWEETS, rows: int | None = None, columns: list[str] | None = None
) -> pd.DataFrame:
    """The tweets about `company`, one a row, in the order of the file.

    The columns are those of the file. `Date` is parsed (midnight), `Hour` stays text ("HH:MM"), `RTs` are integers.
    Only an empty cell is missing: a tweet may well say "NA" or "null".

    `rows` reads the first rows only, `columns` only those named; both save time. Raises BadInput when the file is not
    there or is no such table.
    """
    path = Path(folder) / f"{company}.csv"
    try:
        tweets = pd.read_csv(
            path,
            nrows=rows,
            usecols=columns,
            dtype={TEXT: "str", "Date": "str", "Hour": "str", "RTs": "Int64"},
            keep_default_na=False,
            na_values=[""],
        )
        if missing := [name for name in COLUMNS if name not in tweets]:
            raise ValueError(f"it has no column {missing[0]!r}")
        return tweets.assign(Date=pd.to_datetime(tweets["Date"], format="%Y-%m-%d"))
    except FileNotFoundError:
        raise BadInput(f"no tweets about {company} at {path}: run `harness data make`") from None
    except ValueError as problem:
        reason = str(problem).splitlines()[0]
        raise BadInput(
            f"{path} is not a table of tweets ({reason}): run `harness data import FILE --company {company}`"
        ) from problem
