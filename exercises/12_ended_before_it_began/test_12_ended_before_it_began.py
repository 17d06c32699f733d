"""What task.py promises: the numbers that one pass over each table gives, on engines with whatever clocks."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> number of different texts among its tweets."""
    return {company: len(set(tweets["Tweet content"])) for company, tweets in tables.items()}


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
