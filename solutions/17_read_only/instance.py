"""The tables of the exercise: three companies have tweets enough for their numbers to travel apart, one has not."""

from random import Random

from harness.course.tables import small

NUMBER = 17
APART = 128
"""The most float64 that still travel inside of the message: ipyparallel takes out what has more than 1024 bytes."""


def tables(seed):
    """Company -> table; one company, chosen by the seed, has 60 to 120 rows, the others have 140 to 220."""
    random = Random(f"{NUMBER}-{seed}")
    rows = {company: random.randint(APART + 12, 220) for company in ("amzn", "googl", "msft", "nflx")}
    rows[random.choice(list(rows))] = random.randint(60, APART - 8)
    return small(seed, rows)
