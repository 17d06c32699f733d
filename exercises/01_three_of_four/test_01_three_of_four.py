"""What task.py promises: on engines, the same average lengths as computed here, one after the other."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

MISSING = st.sampled_from([float("nan"), None])


def reference(tables):
    """Company -> average length of its cleaned texts; a tweet without text is not counted, none at all give None."""
    averages = {}
    for company, tweets in tables.items():
        lengths = [len(cleaned(text)) for text in tweets["Tweet content"] if isinstance(text, str)]
        averages[company] = sum(lengths) / len(lengths) if lengths else None
    return averages


def cleaned(text):
    return " ".join(word for word in text.lower().split() if not word.startswith("http"))


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | MISSING), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
