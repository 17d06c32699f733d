"""The statistics against counting by hand, and their merging."""

from collections import Counter
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from tweet_tables import TABLES, loaded

from harness.analysis import parallel, tweets
from harness.analysis.statistics import Statistics, describe


@settings(deadline=None)
@given(rows=TABLES)
def test_the_statistics_are_those_that_counting_by_hand_gives(rows):
    found = describe(loaded(rows))
    texts = [row[tweets.TEXT] for row in rows if row[tweets.TEXT] is not None]
    retweets = [row["RTs"] for row in rows if row["RTs"] is not None]
    times = [datetime.fromisoformat(f"{row['Date']} {row['Hour']}") for row in rows]
    assert (found.tweets, found.with_text, found.characters) == (len(rows), len(texts), sum(map(len, texts)))
    assert (found.with_retweets, found.retweets) == (len(retweets), sum(retweets))
    assert (found.first, found.last) == (min(times, default=None), max(times, default=None))
    assert found.by_hour == Counter(time.replace(minute=0) for time in times)
    assert sum(found.by_time_of_day) == len(rows)
    assert found.average_length == (sum(map(len, texts)) / len(texts) if texts else None)
    assert found.average_retweets == (sum(retweets) / len(retweets) if retweets else None)


@settings(deadline=None)
@given(rows=TABLES, n=st.integers(1, 30))
def test_the_statistics_of_parts_add_up_to_those_of_the_table(rows, n):
    table = loaded(rows)
    parts = [describe(part) for part in parallel.parts(table, n)]
    assert sum(parts, start=Statistics()) == describe(table)
