"""What task.py promises: from tables of words on engines, the shares that comparing sets of words gives."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> share of its texts that have three fifths of all their words together with another text; or None."""
    shares = {}
    for company, tweets in tables.items():
        words = [set(text.lower().split()) for text in tweets["Tweet content"]]
        found = set()
        for row, one in enumerate(words):
            for other in range(row):
                common = len(one & words[other])
                if common >= 0.6 * (len(one) + len(words[other]) - common):
                    found |= {row, other}
        shares[company] = len(found) / len(words) if words else None
    return shares


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
