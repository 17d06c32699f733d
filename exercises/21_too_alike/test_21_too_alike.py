"""What task.py promises: samples of different people are drawn independently, and can be drawn again."""

import random
from math import comb

from hypothesis import given
from hypothesis import strategies as st

from harness.course.strategies import TEXTS, search, tables
from harness.course.tables import small

PEOPLE = 4
SIZE = 12
NEVER = 10**9
"""Of so many different samples, two drawn independently are the same in no run that anybody will see."""

COMPARED = []
"""What samples were compared with, in this order."""


class Samples:
    """Equals any samples that keep the contract: so many, so large, rows of the table, in its order, no two alike.

    From a small table there are few samples to draw, and two may well be alike.
    """

    def __init__(self, rows):
        self.samples = PEOPLE
        self.of_rows = min(SIZE, rows)
        self.out_of = rows
        self.two_may_be_alike = comb(rows, SIZE) < NEVER

    def __eq__(self, drawn):
        COMPARED.append(drawn)
        if not isinstance(drawn, list):
            return getattr(drawn, "__dict__", None) == self.__dict__
        return (
            len(drawn) == PEOPLE
            and all(self.holds(sample) for sample in drawn)
            and (self.two_may_be_alike or len({tuple(sample) for sample in drawn}) == PEOPLE)
        )

    def __reduce__(self):
        """Kept in a file, it is four samples of the kind that it equals."""
        rows = range(self.out_of)
        return list, ([sorted(random.Random(person).sample(rows, self.of_rows)) for person in range(PEOPLE)],)

    __hash__ = None

    def holds(self, sample):
        """Whether it is a list of different row numbers, sorted, and as many as there should be."""
        return sample == sorted(set(sample) & set(range(self.out_of))) and len(sample) == self.of_rows


def reference(tables):
    """Company -> what can be said of its four samples. Which rows they hold is up to the draw."""
    return {company: Samples(len(tweets)) for company, tweets in tables.items()}


def test_diagnosis(exercise):
    exercise.diagnosis()


def test_the_saved_case(exercise):
    exercise.saved_case(reference)


@search
@given(tables=tables(TEXTS, most_rows=40), engines=st.integers(1, 2))
def test_any_tweets_on_any_engines(exercise, tables, engines):
    exercise.equals(reference, tables, engines)


def test_still_parallel(exercise):
    exercise.still_parallel(reference)


def test_the_same_samples_can_be_drawn_again(exercise):
    tables = small(21)
    COMPARED.clear()
    exercise.equals(reference, tables, engines=1)
    drawn = dict(zip(tables, COMPARED, strict=False))
    exercise.equals(lambda _: drawn, tables, engines=2)
