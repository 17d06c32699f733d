"""The tables of the exercise: as many users and tweets as the seed says. Who goes where is new in every run."""

from random import Random

from harness.course.tables import small

NUMBER = 22


def tables(seed):
    """Company -> table of 90 to 180 rows, the companies in an order of the seed's."""
    random = Random(f"{NUMBER}-{seed}")
    companies = ["amzn", "googl", "msft", "nflx"]
    random.shuffle(companies)
    return small(seed, {company: random.randint(90, 180) for company in companies})
