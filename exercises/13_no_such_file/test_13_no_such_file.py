"""What task.py promises: the counts that one pass over each table gives, with the keywords of each company."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

KEYWORDS = {
    "amzn": ["prime", "aws", "alexa", "stock"],
    "googl": ["android", "search", "youtube", "stock"],
    "msft": ["azure", "windows", "office", "stock"],
    "nflx": ["series", "watching", "season", "stock"],
}
MENTIONS = st.sampled_from(["AWS down", "my Alexa", "Android, again", "#Azure", "one more SEASON", "stock split"])


def reference(tables):
    """Company -> how many of its tweets mention one of its keywords, in upper or lower case."""
    counts = {}
    for company, tweets in tables.items():
        texts = [text.lower() for text in tweets["Tweet content"]]
        counts[company] = sum(any(keyword in text for keyword in KEYWORDS[company]) for text in texts)
    return counts


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | MENTIONS), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
