"""What task.py promises: the words that occur only once in all tweets of a company, on however many engines."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

NAMES = st.integers(0, 60).map("@user{}".format)


def reference(tables):
    """Company -> number of words that occur once in its tweets."""
    once = {}
    for company, tweets in tables.items():
        counts = Counter(word for text in tweets["Tweet content"] for word in text.lower().split())
        once[company] = sum(count == 1 for count in counts.values())
    return once


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | NAMES, least_rows=1, most_rows=40), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
