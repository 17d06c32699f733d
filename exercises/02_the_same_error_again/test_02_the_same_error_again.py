"""What task.py promises: on engines, the average prices that are computed here, 25 tweets after the other."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

ROWS = 25
PRICES = st.sampled_from(["$650", "$48.50", "$1,050", "$1,050.25", "$12,000", "$1,050,000", "$650,", "650"])
PRICED = st.lists(PRICES | TEXTS, min_size=1, max_size=3).map(" ".join)


def reference(tables):
    """Company -> the average price of every 25 tweets, right to nine digits; None where no price is named."""
    found = {}
    for company, tweets in tables.items():
        texts = list(tweets["Tweet content"])
        found[company] = [average(texts[start : start + ROWS]) for start in range(0, len(texts), ROWS)]
    return found


def average(texts):
    named = re.findall(r"\$(\d+(?:,\d+)*(?:\.\d+)?)", " ".join(texts))
    prices = [float(price.replace(",", "")) for price in named]
    return pytest.approx(sum(prices) / len(prices), rel=1e-9, abs=0) if prices else None


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | PRICED, least_rows=1, most_rows=60), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
