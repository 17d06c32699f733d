"""What task.py promises: an average for each company, or the sentence that says what is wrong with its table."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

NOTHING = st.sampled_from(["", "   ", "\n\n", float("nan"), None])


def reference(tables):
    """Company -> average number of words, or `Unusable: row 3: no word in 0 characters` for the first such row."""
    return {company: average_words(list(tweets["Tweet content"])) for company, tweets in tables.items()}


def average_words(texts):
    for row, text in enumerate(texts):
        characters = text if isinstance(text, str) else ""
        if not characters.split():
            return f"Unusable: row {row}: no word in {len(characters)} characters"
    return sum(len(text.split()) for text in texts) / len(texts)


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | NOTHING, least_rows=1), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
