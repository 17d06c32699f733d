"""What task.py promises: the pairs of near copies, None where that takes too long, and free engines."""

from difflib import SequenceMatcher
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

TOO_MANY = 1000  # tweets: half a million pairs are nowhere compared in the time that the contract gives
COPIES = st.sampled_from(
    ["Sold my $AMZN at 630, the trend is down", "Sold my $AMZN at 635, the trend is down", "Sold it"]
)


def reference(tables):
    """Company -> pairs of tweets, the later one first, with a ratio above 0.8; None for a company with too many."""
    found = {}
    for company, tweets in tables.items():
        words = [text.split() for text in tweets["Tweet content"]]
        pairs = ((later, earlier) for earlier, later in combinations(words, 2))
        alike = (SequenceMatcher(None, *pair).ratio() > 0.8 for pair in pairs)
        found[company] = sum(alike) if len(words) < TOO_MANY else None
    return found


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS | COPIES), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
