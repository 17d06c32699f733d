"""What task.py promises: the counts of one pass over each table, and a line for each tweet that mentions somebody."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables
from harness.course.tables import small

ROWS = 20


def reference(tables):
    """By piece of 20 tweets: how many mention somebody, and their lines; and that the log's files are small enough."""
    mentions, log = {}, {}
    for company, tweets in tables.items():
        for row, text in enumerate(tweets["Tweet content"]):
            piece = f"{company}-{row // ROWS:02}"
            lines = log.setdefault(piece, [])
            if "@" in text:
                lines.append(f"{piece} row {row % ROWS:02}: {len(text.split())} words, {len(text)} characters")
            mentions[piece] = len(lines)
    return {"mentions": mentions, "log": log, "fits": True}


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, least_rows=1, most_rows=60), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_a_long_day(exercise):
    exercise.equals(reference, small(3, {"amzn": 500, "googl": 300}), 2)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
