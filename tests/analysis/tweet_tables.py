"""Tables of tweets for the tests of the analysis: strategies that generate them, and their files."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from harness.analysis import tweets

WORDS = [
    "loving", "loved", "hates", "great", "terrible", "shares", "#Earnings", "@user", "$AMZN", "https://t.co/x1",
    "sooooo", "😀", ":)", "naïve", "株価が上がった", "أرباح", "продажи", "हिन्दी", "RT", "don't", "Amazon’s", "100%",
]  # fmt: skip
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
TEXTS = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join),
    ANY.filter(len),
    st.sampled_from(["NA", "null", "nan", "None", "?", " ", "a\nb", 'say "hi", twice']),
)
ROWS = st.fixed_dictionaries(
    {
        "Date": st.dates(pd.Timestamp("2016-03-28").date(), pd.Timestamp("2016-06-15").date()).map(str),
        "Hour": st.times().map(lambda time: f"{time:%H:%M}"),
        tweets.TEXT: st.none() | TEXTS,
        "RTs": st.none() | st.integers(0, 10**6),
    }
)
TABLES = st.lists(ROWS, max_size=25)


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as a table of tweets with the columns that the analysis reads, what is None as an empty cell."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, ["Tweet Id", *tweets.COLUMNS])
        table.writeheader()
        table.writerows({"Tweet Id": number, **row} for number, row in enumerate(rows))


def loaded(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a table, by way of a file, as the analysis meets it."""
    with TemporaryDirectory() as folder:
        write(Path(folder) / "amzn.csv", rows)
        return tweets.load("amzn", Path(folder))
