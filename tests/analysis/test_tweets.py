"""Reading a table of tweets: nothing lost, nothing invented, one line for what is no table."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from tweet_tables import TABLES, loaded, write

from harness.analysis import tweets
from harness.errors import BadInput


@settings(deadline=None)
@given(rows=TABLES)
def test_a_table_is_read_as_it_was_written(rows):
    table = loaded(rows)
    assert [None if pd.isna(text) else text for text in table[tweets.TEXT]] == [row[tweets.TEXT] for row in rows]
    assert [None if pd.isna(n) else n for n in table["RTs"]] == [row["RTs"] for row in rows]
    assert [f"{date:%Y-%m-%d}" for date in table["Date"]] == [row["Date"] for row in rows]
    assert list(table["Hour"]) == [row["Hour"] for row in rows]


def test_only_an_empty_cell_is_a_missing_text(tmp_path: Path):
    row = {"Date": "2016-04-01", "Hour": "10:00", "RTs": 0}
    write(tmp_path / "amzn.csv", [{**row, tweets.TEXT: text} for text in ("NA", "null", "", "nan")])
    assert list(tweets.load("amzn", tmp_path)[tweets.TEXT].isna()) == [False, False, True, False]


def test_the_first_rows_alone_can_be_read(tmp_path: Path):
    row = {"Date": "2016-04-01", "Hour": "10:00", "RTs": 0}
    write(tmp_path / "amzn.csv", [{**row, tweets.TEXT: str(number)} for number in range(5)])
    assert list(tweets.load("amzn", tmp_path, rows=2)[tweets.TEXT]) == ["0", "1"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "no tweets about amzn"),
        (b"", "No columns"),
        (b"a,b\n1,2\n", "no column 'Date'"),
        (b"Date,Hour,RTs\n2016-04-01,10:00,1\n", "no column 'Tweet content'"),
        (b"Date,Hour,Tweet content,RTs\n2016-04-01,10:00,a,many\n", "many"),
        (b"Date,Hour,Tweet content,RTs\n2016-04-01,10:00,\xff,1\n", "utf-8"),
        (b"Date,Hour,Tweet content,RTs\nyesterday,10:00,a,1\n", "yesterday"),
    ],
)
def test_what_is_no_table_of_tweets_gets_one_line_with_the_next_step(tmp_path: Path, content, complaint):
    if content is not None:
        (tmp_path / "amzn.csv").write_bytes(content)
    with pytest.raises(BadInput) as refusal:
        tweets.load("amzn", tmp_path)
    message = str(refusal.value)
    assert complaint in message
    assert "\n" not in message
    assert "run `harness data" in message
    assert str(tmp_path / "amzn.csv") in message
