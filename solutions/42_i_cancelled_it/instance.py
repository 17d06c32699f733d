"""The tables of the exercise: one company, chosen by the seed, has a hundred times as many tweets as the others."""

from random import Random

from harness.course.tables import small

NUMBER = 42
COMPANIES = ("amzn", "googl", "msft", "nflx")


def tables(seed):
    """Company -> table of 20 to 29 tweets, and of 3000 to 3200 for one company."""
    random = Random(f"{NUMBER}-{seed}")
    rows = {company: random.randint(20, 29) for company in COMPANIES}
    rows[random.choice(COMPANIES)] = random.randint(3000, 3200)
    return small(seed, rows)
