"""What task.py promises: on engines, under each company's name, the number of copies that is counted here."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> how many of its texts share four of five words with an earlier one that is no copy itself."""
    return {company: copies(list(tweets["Tweet content"])) for company, tweets in tables.items()}


def copies(texts):
    new = []
    for words in (set(text.lower().split()) for text in texts):
        if not any(len(words & others) >= 0.8 * len(words | others) for others in new):
            new.append(words)
    return len(texts) - len(new)


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


def test_a_short_table_that_takes_longest(exercise):
    short = pd.DataFrame({"Tweet content": [f"{number} tweets, no two alike: #{number}" for number in range(800)]})
    long = pd.DataFrame({"Tweet content": ["the same again"] * 900})
    exercise.equals(reference, {"nflx": short, "amzn": long}, engines=2)


@search
@given(tables=tables(TEXTS), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
