"""What task.py promises: the counts of one pass over each table, and a log with all that was said, sorted."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables


def reference(tables):
    """The number of different texts by company, and the lines: two of main, and one or two of each company."""
    different = {company: len(set(tweets["Tweet content"])) for company, tweets in tables.items()}
    log = [f"INFO: companies: {', '.join(tables)}", f"INFO: in all: {sum(different.values())} different tweets"]
    for company, tweets in tables.items():
        log.append(f"INFO: {company}: {len(tweets)} tweets")
        if again := len(tweets) - different[company]:
            log.append(f"WARNING: {company}: {again} left out, as their text had been there")
    return {"different": different, "log": sorted(log)}


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS), engines=st.integers(1, 2), again=st.integers(0, 3))
def test_any_tweets_on_any_engines(exercise, tables, engines, again):
    repeated = {company: pd.concat([tweets, tweets.iloc[:again]]) for company, tweets in tables.items()}
    exercise.equals(reference, repeated, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
