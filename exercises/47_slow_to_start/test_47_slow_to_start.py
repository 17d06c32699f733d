"""What task.py promises: the counts that one pass over the tables gives, and little more on the way than the tweets."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> hashtag in small letters -> how often it is in the company's tweets."""
    counts = {company: {} for company in tables}
    for company, tweets in tables.items():
        for word in " ".join(tweets["Tweet content"]).lower().split():
            if word.startswith("#"):
                counts[company][word] = counts[company].get(word, 0) + 1
    return counts


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    """Engines receive 1.5 MB at the most, too: exercise.toml says so below `[cost]`."""
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, least_rows=1, most_rows=170), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
