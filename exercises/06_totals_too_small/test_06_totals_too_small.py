"""What task.py promises: the sum of each company's retweets, or None where it can't be known."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def with_gaps(tables):
    """The same tables; where the highest count of a company is above 450, it is hidden."""
    return {company: tweets.assign(RTs=hidden(list(tweets["RTs"]))) for company, tweets in tables.items()}


def hidden(counts):
    highest = max(counts, default=0)
    place = counts.index(highest) if highest > 450 else None
    return ["hidden" if row == place else count for row, count in enumerate(counts)]


def reference(tables):
    """Company -> number of retweets; None if one of its counts is no number."""
    found = {}
    for company, tweets in tables.items():
        counts = [str(count) for count in tweets["RTs"]]
        found[company] = sum(map(int, counts)) if all(map(str.isdigit, counts)) else None
    return found


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, most_rows=60).map(with_gaps), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
