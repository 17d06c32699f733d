"""What task.py promises: the checksums of the texts in UTF-8, whichever engine works them out, at the first attempt."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from harness.course.check import CheckFailed
from harness.course.strategies import TEXTS, search, tables

ROWS = 40


def reference(tables):
    """Company -> checksum of each 40 of its tweets, one a line, in UTF-8."""
    checksums = {}
    for company, tweets in tables.items():
        texts = list(tweets["Tweet content"])
        pieces = [texts[first : first + ROWS] for first in range(0, len(texts), ROWS)]
        checksums[company] = [hashlib.sha256("\n".join(piece).encode("utf-8")).hexdigest()[:16] for piece in pieces]
    return checksums


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


def test_each_task_is_done_at_the_first_attempt(exercise):
    run = exercise.saved_run(reference)
    if "retried" in run.outcome.signs:
        failed = sorted({event.engine for event in run.of_kind("raised")})
        raise CheckFailed(
            f"the result is right, and some tasks had to be done twice, after they had failed on engine {failed}",
            run,
            "half of the work was for nothing, and with an engine less there would be no result: what does it lack?",
        )


@search
@given(tables=tables(TEXTS, least_rows=1), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)
