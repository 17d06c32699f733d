"""What task.py promises: from tasks side by side, the numbers of repeated tweets that are counted here."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> how many of its texts have three fifths of all their words together with an earlier text."""
    return {company: repeated(list(tweets["Tweet content"])) for company, tweets in tables.items()}


def repeated(texts):
    said = [
        {word for word in text.lower().split() if not word.startswith("http") and not word.startswith("@")}
        for text in texts
    ]
    return sum(any(len(one & other) >= 0.6 * len(one | other) for other in said[:row]) for row, one in enumerate(said))


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
