"""The tables of the exercise: four companies, each long enough to be shared; how long depends on the seed."""

from random import Random

from harness.course.tables import small

NUMBER = 37
COMPANIES = ("amzn", "googl", "msft", "nflx")


def tables(seed):
    """Company -> table of 120 to 200 tweets."""
    random = Random(f"{NUMBER}-{seed}")
    return small(seed, {company: random.randint(120, 200) for company in COMPANIES})
