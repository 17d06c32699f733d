"""What task.py promises: the first move in percent and the number of words, as found here one after the other."""

import re

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

QUOTES = st.sampled_from(["up 3%", "-3.2% today", "$AMZN +0.5%", "100% sure", "7 % or so", "Naïve NAÏVE naïve"])


def reference(tables):
    """Company -> (first move as it is written, or None; number of different words in lower case)."""
    found = {}
    for company, tweets in tables.items():
        texts = list(tweets["Tweet content"])
        moves = re.findall(r"[+-]?\d+(?:\.\d+)?%", "\n".join(texts))
        found[company] = (moves[0] if moves else None, len(set("\n".join(texts).lower().split())))
    return found


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | QUOTES), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
