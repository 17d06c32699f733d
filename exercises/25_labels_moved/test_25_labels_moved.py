"""What task.py promises: from pieces on engines, the label that each tweet has when it is looked at by itself."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

GOOD = {"love", "great", "best", "amazing", "win", "wins", "happy", "joy", "sweet", "good"}
BAD = {"hate", "worst", "awful", "lame", "ruined", "waste", "terrible", "lost", "down", "bad"}
MOODS = st.sampled_from(["love my #echo", "hate it", "down down, up", "best of the worst", "still buying", "so good"])


def reference(tables):
    """Company -> label of each of its tweets, in the order of the table."""
    return {company: [label(text) for text in tweets["Tweet content"]] for company, tweets in tables.items()}


def label(text):
    words = text.lower().split()
    good, bad = sum(word in GOOD for word in words), sum(word in BAD for word in words)
    return "neutral" if good == bad else "positive" if good > bad else "negative"


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | MOODS, least_rows=1, most_rows=45), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
