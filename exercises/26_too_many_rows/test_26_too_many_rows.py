"""What task.py promises: every tweet is in the archive once, whatever happens on the way there.

It takes two engines: ipyparallel gives a task that failed to an engine on which it did not fail yet, and to no other.
"""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> number of its tweets."""
    return {company: len(tweets) for company, tweets in tables.items()}


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, least_rows=1, most_rows=90), engines=st.just(2))
def test_any_tweets(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
