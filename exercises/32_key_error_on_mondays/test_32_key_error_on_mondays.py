"""What task.py promises: the tweets longer than usual, in whatever order the steps of its tasks come."""

from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> number of tweets with more characters than the median of the company."""
    lengths = {company: [len(text) for text in tweets["Tweet content"]] for company, tweets in tables.items()}
    return {company: sum(length > median(all_of_it) for length in all_of_it) for company, all_of_it in lengths.items()}


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_no_order_of_steps_fails(exercise, schedules):
    schedules.none_fails(reference)


@search
@given(tables=tables(TEXTS, least_rows=1), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
