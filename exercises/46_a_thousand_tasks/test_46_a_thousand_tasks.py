"""What task.py promises: the shares that one pass over the whole tables gives, from a few dozen tasks at most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

LOUD = st.sampled_from(["AMAZING", "Éclat", "ß", "株価 UP", "123", ""])


def reference(tables):
    """Company -> share of capitals among the letters of its tweets, 0 where there are none; right to nine digits."""
    shares = {}
    for company, tweets in tables.items():
        letters = [letter for text in tweets["Tweet content"] for letter in text]
        capitals = sum(letter.isupper() for letter in letters)
        shares[company] = pytest.approx(capitals / max(1, sum(letter.isalpha() for letter in letters)), rel=1e-9, abs=0)
    return shares


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    """It takes at most 64 tasks, too: exercise.toml says so below `[cost]`."""
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | LOUD, least_rows=1), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
