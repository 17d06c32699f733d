"""What task.py promises: on engines, the same authors as one look through each table finds."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

MANY = 300


def reference(tables):
    """Company -> nicknames of the authors of tweets with 300 retweets or more, one for each tweet, in its order."""
    return {
        company: [row["Nickname"] for _, row in tweets.iterrows() if row["RTs"] >= MANY]
        for company, tweets in tables.items()
    }


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
