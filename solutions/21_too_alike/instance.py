"""The tables of the exercise: which company comes first, and so whose samples are drawn first, depends on the seed."""

from random import Random

from harness.course.tables import small

NUMBER = 21


def tables(seed):
    """Company -> table of 90 to 180 rows, the companies in an order of the seed's."""
    random = Random(f"{NUMBER}-{seed}")
    companies = ["amzn", "googl", "msft", "nflx"]
    random.shuffle(companies)
    return small(seed, {company: random.randint(90, 180) for company in companies})
