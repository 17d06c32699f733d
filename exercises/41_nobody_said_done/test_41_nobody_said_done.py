"""What task.py promises: for each company how many tweets have how many words, or None; and that it ends."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

UNREADABLE = st.sampled_from([None, float("nan"), 404])
MOSTLY_TEXTS = st.integers(0, 19).flatmap(lambda number: TEXTS if number else UNREADABLE)


def reference(tables):
    """Company -> number of words -> number of tweets that have so many; None if one of its texts is no text."""
    found = {}
    for company, tweets in tables.items():
        texts = list(tweets["Tweet content"])
        readable = all(isinstance(text, str) for text in texts)
        found[company] = dict(Counter(len(re.findall(r"\w+", text)) for text in texts)) if readable else None
    return found


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(MOSTLY_TEXTS, most_rows=40), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
