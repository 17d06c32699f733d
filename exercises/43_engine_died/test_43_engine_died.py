"""What task.py promises: the counts that Python's own `in` gives, and engines that are still there afterwards."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

KEYWORDS = ("earnings", "cloud", "one", "stock")
MISSING = st.sampled_from([float("nan"), None])
MENTIONS = st.sampled_from(["Stock down", "XBOX ONE", "the CLOUD, again", "#Earnings", "none left", "iCloud One", ""])


def reference(tables):
    """Company -> keyword -> number of its tweets that mention it; a tweet without text mentions nothing."""
    counts = {}
    for company, tweets in tables.items():
        texts = [text.lower() for text in tweets["Tweet content"] if isinstance(text, str)]
        counts[company] = {keyword: sum(keyword in text for text in texts) for keyword in KEYWORDS}
    return counts


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | MENTIONS | MISSING), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
