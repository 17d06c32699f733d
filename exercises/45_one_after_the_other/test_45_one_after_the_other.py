"""What task.py promises: the busiest hour, whatever times there are, and engines that are still there."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

MISSING = st.sampled_from([None, float("nan")])


def some_missing(tables, rows, missing):
    """The tables, without the times of the tweets in these rows."""
    for tweets in tables.values():
        tweets["Hour"] = [missing if row in rows else hour for row, hour in enumerate(tweets["Hour"])]
    return tables


TIMED = st.builds(some_missing, tables(TEXTS), st.sets(st.integers(0, 11)), MISSING)


def reference(tables):
    """Company -> its hour with most tweets, the earlier one of two, and their number; None if no tweet has a time."""
    found = {}
    for company, tweets in tables.items():
        counts = Counter(int(time[:2]) for time in tweets["Hour"] if isinstance(time, str))
        most = max(counts.values(), default=0)
        found[company] = (min(hour for hour in counts if counts[hour] == most), most) if counts else None
    return found


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=TIMED, engines=st.integers(1, 2))
def test_any_times_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
