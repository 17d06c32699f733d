"""What task.py promises: the days in their order, whatever they are called, with all tweets up to each."""

from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def spread(tables, start, step):
    """The tables, with `step` days from one tweet to the next."""
    for number, tweets in enumerate(tables.values()):
        tweets["Date"] = pd.date_range(start, periods=len(tweets), freq=f"{number % 2 + step}D")
    return tables


DATED = st.builds(
    spread,
    tables(TEXTS, least_rows=1, most_rows=40),
    st.dates(date(2016, 3, 25), date(2016, 6, 10)),
    st.integers(1, 3),
)


def reference(tables):
    """Company -> list of (day, number of tweets up to then), from the first day to the last."""
    growth = {}
    for company, tweets in tables.items():
        per_day = tweets["Date"].value_counts().sort_index().cumsum()
        growth[company] = [(f"{day:%b} {day.day}", int(count)) for day, count in per_day.items()]
    return growth


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=DATED, engines=st.integers(1, 2))
def test_any_days_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
