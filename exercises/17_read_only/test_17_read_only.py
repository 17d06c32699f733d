"""What task.py promises: the capped averages that plain arithmetic on each table gives, whatever the table's size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> average of its retweets, none counted above the 95th percentile; right to nine digits."""
    means = {}
    for company, tweets in tables.items():
        retweets = sorted(tweets["RTs"])
        cap = percentile(retweets, 95)
        capped = [min(number, cap) for number in retweets]
        means[company] = pytest.approx(sum(capped) / len(capped), rel=1e-9, abs=1e-9)
    return means


def percentile(ordered, percent):
    """The value below which so many percent lie, on the straight line between the two that are next to it."""
    place = percent / 100 * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


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
