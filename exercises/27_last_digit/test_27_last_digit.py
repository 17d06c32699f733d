"""What task.py promises: the exact totals, rounded once, in whichever pieces and in whichever order they are found."""

import math

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables

TIMES = ("night", "morning", "afternoon", "evening")


def reference(tables):
    """Company -> time of day -> buzz. fsum adds without rounding on the way, so the order does not matter to it."""
    totals = {}
    for company, tweets in tables.items():
        values = {time: [] for time in TIMES}
        for hour, retweets in zip(tweets["Hour"], tweets["RTs"], strict=True):
            values[TIMES[int(hour.split(":")[0]) // 6]].append(1 + math.log1p(retweets))
        totals[company] = {time: math.fsum(values[time]) for time in TIMES}
    return totals


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, least_rows=1, most_rows=70), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
