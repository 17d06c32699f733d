"""The tables of the exercise: made tweets, of sizes that differ with the seed; every company has links."""

from random import Random

from harness.course.tables import small

NUMBER = 14


def tables(seed):
    """Company -> table of 60 to 160 rows."""
    random = Random(f"{NUMBER}-{seed}")
    return small(seed, {company: random.randint(60, 160) for company in ("amzn", "googl", "msft", "nflx")})
