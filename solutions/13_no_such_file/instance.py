"""The tables of the exercise: made tweets, of sizes and in an order of companies that differ with the seed."""

from random import Random

from harness.course.tables import small

NUMBER = 13


def tables(seed):
    """Company -> table of 60 to 160 rows."""
    random = Random(f"{NUMBER}-{seed}")
    companies = random.sample(["amzn", "googl", "msft", "nflx"], 4)
    return small(seed, {company: random.randint(60, 160) for company in companies})
