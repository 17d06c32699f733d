"""What task.py promises: on engines, the numbers of long words that are counted here one after the other."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

DASHES = st.sampled_from(["-3.2%", "-", "--least", "3", "-h", "--", "--least=2", "-5", "-disappointing-"])
DASHED = st.lists(DASHES | TEXTS, min_size=1, max_size=4).map(" ".join)


def reference(tables):
    """Company -> number of words of nine letters or more; what stands between spaces is a word, dashes included."""
    found = {}
    for company, tweets in tables.items():
        found[company] = sum(len(word) >= 9 for text in tweets["Tweet content"] for word in text.split())
    return found


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | DASHED), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
