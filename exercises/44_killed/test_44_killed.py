"""What task.py promises: the most typical tweet of each company and period, and engines that are still there."""

from zlib import crc32

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> of each twelfth of its tweets the text nearest to their mean, the first if several; or None."""
    found = {}
    for company, tweets in tables.items():
        texts, count = list(tweets["Tweet content"]), len(tweets)
        found[company] = [nearest(texts[count * part // 12 : count * (part + 1) // 12]) for part in range(12)]
    return found


def nearest(texts):
    vectors = np.zeros((len(texts), 200_000), np.float64)
    for row, text in enumerate(texts):
        np.add.at(vectors[row], [crc32(word.encode()) % 200_000 for word in text.lower().split()], 1)
        vectors[row] /= max(np.linalg.norm(vectors[row]), 1)
    scores = (vectors @ vectors.mean(axis=0)).round(9) if texts else []
    return texts[int(np.argmax(scores))] if texts else None


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, most_rows=24), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
