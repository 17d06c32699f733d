"""What task.py promises: twice on the same tweets, twice the hashtags that one pass over each table finds."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Both reports alike: company -> hashtag, in lower case -> how often it is used."""
    used = {company: dict(Counter(hashtags(tweets))) for company, tweets in tables.items()}
    return {"morning": used, "noon": used}


def hashtags(tweets):
    return [word.lower() for text in tweets["Tweet content"] for word in text.split() if word.startswith("#")]


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, least_rows=1, most_rows=60), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
