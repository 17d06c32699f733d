"""What task.py promises: one number for all companies, in whatever order the steps of its tasks come."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """The number of different tweets of each company, added up."""
    return sum(len(set(tweets["Tweet content"])) for tweets in tables.values())


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
