"""The tables of the exercise: which company has how many tweets depends on the seed."""

from random import Random

from harness.course.tables import small

NUMBER = 44
ROWS = (150, 140, 130, 120)


def tables(seed):
    """Company -> table of 120 to 150 tweets."""
    random = Random(f"{NUMBER}-{seed}")
    return small(seed, dict(zip(("amzn", "googl", "msft", "nflx"), random.sample(ROWS, 4), strict=True)))
