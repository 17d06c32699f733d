"""What task.py promises: the long words of every company, in whatever order the steps of its tasks come."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

LONG = 7


def reference(tables):
    """Company -> number of words of 7 letters or more."""
    return {
        company: sum(len(word) >= LONG for text in tweets["Tweet content"] for word in text.split())
        for company, tweets in tables.items()
    }


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_no_order_of_steps_fails(exercise, schedules):
    schedules.none_fails(reference)


@search
@given(tables=tables(TEXTS), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
