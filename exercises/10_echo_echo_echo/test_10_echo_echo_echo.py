"""What task.py promises: the counts of one pass over each table, and one log line for each piece, as logged."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

ROWS = 25


def reference(tables):
    """Tweets with a link by company, and the log: a line for each piece of 25 tweets, sorted."""
    links, log = {}, []
    for company, tweets in tables.items():
        carries = ["http" in text for text in tweets["Tweet content"]]
        links[company] = sum(carries)
        for start in range(0, len(carries), ROWS):
            piece = carries[start : start + ROWS]
            log.append(f"{company}: {len(piece)} tweets, {sum(piece)} with a link")
    return {"links": links, "log": sorted(log)}


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, least_rows=1, most_rows=90), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
