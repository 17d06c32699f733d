"""What task.py promises: a share for each company, or None where a time can't be read; and that it ends."""

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

UNREADABLE = st.sampled_from(["", "n/a", "noon", None])


def spoilt(tables, company, time):
    """The tables; the last time of one of them can't be read, if there are that many tables."""
    if company < len(tables):
        tweets = list(tables.values())[company]
        tweets["Hour"] = [*tweets["Hour"][:-1], time]
    return tables


TIMED = st.builds(spoilt, tables(TEXTS, least_rows=1), st.integers(0, 3), UNREADABLE)


def reference(tables):
    """Company -> share of its tweets that were sent between 9:00 and 16:59; None if a time is none."""
    shares = {}
    for company, tweets in tables.items():
        times = list(tweets["Hour"])
        office = [isinstance(time, str) and "09:00" <= time <= "16:59" for time in times]
        readable = all(isinstance(time, str) and time[2:3] == ":" for time in times)
        shares[company] = sum(office) / len(office) if readable else None
    return shares


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
