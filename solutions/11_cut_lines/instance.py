"""The tables of the exercise: tweets enough for the log to roll over a dozen times; sizes differ with the seed."""

from random import Random

from harness.course.tables import small

NUMBER = 11


def tables(seed):
    """Company -> table of 160 to 320 rows."""
    random = Random(f"{NUMBER}-{seed}")
    return small(seed, {company: random.randint(160, 320) for company in ("amzn", "googl", "msft", "nflx")})
