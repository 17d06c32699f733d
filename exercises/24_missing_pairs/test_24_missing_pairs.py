"""What task.py promises: from pieces on engines, the pairs that a reader of one tweet after the other would count."""

from collections import Counter

import pandas as pd
from hypothesis import example, given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

TALK = ["great", "series", "so", "buying", "it", "now", "down", "$AMZN", "again", "and", "again"]
LONG = pd.DataFrame({"Tweet content": [" ".join(TALK[: 3 + row % 9]) for row in range(600)]})


def reference(tables):
    """Company -> pair of words that are neighbours in a tweet, links left out -> how often."""
    pairs = {company: Counter() for company in tables}
    for company, tweets in tables.items():
        for text in tweets["Tweet content"]:
            words = [word for word in text.lower().split() if not word.startswith("http")]
            pairs[company].update(f"{words[i]} {words[i + 1]}" for i in range(len(words) - 1))
    return pairs


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, least_rows=1, most_rows=60), engines=st.integers(1, 2))
@example(tables={"amzn": LONG}, engines=2)
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
