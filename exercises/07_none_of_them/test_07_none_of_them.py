"""What task.py promises: on engines, the loudness of every 20 tweets that is worked out here one after the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

ROWS = 20
NO_LETTERS = st.sampled_from(["👍👍", "100%!", "...", "10/10", ""])


def reference(tables):
    """Company -> the average loudness of every 20 tweets, right to nine digits."""
    found = {}
    for company, tweets in tables.items():
        shares = [loudness(text) for text in tweets["Tweet content"]]
        parts = [shares[start : start + ROWS] for start in range(0, len(shares), ROWS)]
        found[company] = [pytest.approx(sum(part) / len(part), rel=1e-9, abs=1e-12) for part in parts]
    return found


def loudness(text):
    """Capitals among the letters; a text without letters is not loud at all."""
    letters = sum(map(str.isalpha, text))
    return sum(character.isalpha() and character.isupper() for character in text) / letters if letters else 0.0


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | NO_LETTERS, least_rows=1, most_rows=50), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
