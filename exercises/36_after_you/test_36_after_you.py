"""What task.py promises: for each two companies, in the ledgers of both, the number of tweets that speak of both."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

SYMBOLS = {"amzn": "$AMZN", "googl": "$GOOGL", "msft": "$MSFT", "nflx": "$NFLX"}
TOGETHER = st.lists(st.sampled_from(sorted(SYMBOLS.values())), min_size=1, max_size=4).map(" ".join)


def reference(tables):
    """Company -> company -> number of tweets of either that name the other one; companies with none are left out."""
    ledgers = {company: {} for company in SYMBOLS}
    for company, tweets in tables.items():
        for other in SYMBOLS:
            count = sum(SYMBOLS[other] in text.split() for text in tweets["Tweet content"])
            if other != company and count:
                ledgers[company][other] = ledgers[company].get(other, 0) + count
                ledgers[other][company] = ledgers[other].get(company, 0) + count
    return ledgers


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


def test_no_order_of_steps_fails(exercise, schedules):
    schedules.none_fails(reference)


@search
@given(tables=tables(TEXTS | TOGETHER, least_rows=1, most_rows=20), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
