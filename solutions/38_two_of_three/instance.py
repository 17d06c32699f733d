"""The tables of the exercise: only one, chosen by the seed, is large enough to be shared in parts."""

from random import Random

from harness.course.tables import small

NUMBER = 38
COMPANIES = ("amzn", "googl", "msft", "nflx")


def tables(seed):
    """Company -> table of 10 to 19 tweets, and of 60 to 99 for one company, not the first."""
    random = Random(f"{NUMBER}-{seed}")
    rows = {company: random.randint(10, 19) for company in COMPANIES}
    rows[random.choice(COMPANIES[1:])] = random.randint(60, 99)
    return small(seed, rows)
