"""What task.py promises: whoever looks sees a total that is the sum of its parts."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """The retweets of all companies; no company sees parts and total disagree."""
    return {"total": sum(int(tweets["RTs"].sum()) for tweets in tables.values()), "off by": dict.fromkeys(tables, 0)}


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
