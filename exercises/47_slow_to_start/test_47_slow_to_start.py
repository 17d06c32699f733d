"""What task.py promises: the numbers that one pass over the tables gives, and not much more on the way than tweets."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> how many different texts its tweets have."""
    return {company: len(set(tweets["Tweet content"])) for company, tweets in tables.items()}


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    """Engines receive 1.5 MB at the most, too: exercise.toml says so below `[cost]`."""
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, least_rows=1, most_rows=170), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
