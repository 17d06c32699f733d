"""What task.py promises: from pieces on engines, the averages that one pass over each whole table gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> average length of its tweets, right to nine digits: in which order you add up is your business."""
    averages = {}
    for company, tweets in tables.items():
        lengths = [len(text) for text in tweets["Tweet content"]]
        averages[company] = pytest.approx(sum(lengths) / len(lengths), rel=1e-9, abs=0)
    return averages


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, least_rows=1, most_rows=60), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
