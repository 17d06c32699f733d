"""What task.py promises: the shared words of every company, and that they were worked out once."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """Company -> number of its words that another company uses too; worked out once."""
    words = {company: set(" ".join(tweets["Tweet content"]).lower().split()) for company, tweets in tables.items()}
    shared = {
        company: sum(any(word in words[other] for other in words if other != company) for word in own)
        for company, own in words.items()
    }
    return {**shared, "worked out": 1}


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_no_order_of_steps_fails(exercise, schedules):
    schedules.none_fails(reference)


@search
@given(tables=tables(TEXTS), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
