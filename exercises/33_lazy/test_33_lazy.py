"""What task.py promises: the sum of the ratings of every company's words, however its threads take turns."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

RATINGS = {"best": 3, "better": 2, "well": 1, "new": 1, "complain": -2, "lost": -2, "ruined": -3, "great": 3}


def reference(tables):
    """Company -> the ratings of all words of its tweets, added up."""
    return {
        company: sum(RATINGS.get(word, 0) for text in tweets["Tweet content"] for word in text.lower().split())
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
