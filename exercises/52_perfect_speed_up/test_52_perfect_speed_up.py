"""What task.py promises: from tasks of a day each, the pairs that one count of each whole table finds."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> its five most frequent pairs of words, each with its count; among equals the first in the alphabet."""
    found = {}
    for company, tweets in tables.items():
        counts = {}
        for text in tweets["Tweet content"]:
            words = text.lower().split()
            for number in range(1, len(words)):
                pair = (words[number - 1], words[number])
                counts[pair] = counts.get(pair, 0) + 1
        found[company] = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:5]
    return found


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
