"""What task.py promises: the averages by the helper's first rule, and, once it is mended, by its second."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Before: company -> average number of words, links among them. After: links are none. Right to nine digits."""
    before, after = {}, {}
    for company, tweets in tables.items():
        words = [word for text in tweets["Tweet content"] for word in text.split()]
        links = [word for word in words if word.startswith("http")]
        before[company] = about(len(words) / len(tweets))
        after[company] = about((len(words) - len(links)) / len(tweets))
    return {"before": before, "after": after}


def about(number):
    return pytest.approx(number, rel=1e-9, abs=1e-9)


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, least_rows=1), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
