"""What task.py promises: counted in pieces on engines, every quarter of the day has the count of one pass."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

QUARTERS = ("night", "morning", "afternoon", "evening")


def reference(tables):
    """Company -> quarter of the day -> number of tweets; all four quarters, those without tweets too."""
    return {
        company: {quarter: sum(int(hour[:2]) // 6 == number for hour in tweets["Hour"]) for number, quarter in NUMBERED}
        for company, tweets in tables.items()
    }


NUMBERED = tuple(enumerate(QUARTERS))


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, most_rows=40), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
