"""The tables of the exercise: one company, chosen by the seed and never the last, has far more tweets."""

from random import Random

from harness.course.tables import small

NUMBER = 20


def tables(seed):
    """Company -> table. One of the first three has about a thousand tweets, the others have 40 to 80."""
    random = Random(f"{NUMBER}-{seed}")
    rows = {company: random.randint(40, 80) for company in ("amzn", "googl", "msft", "nflx")}
    company = random.choice(list(rows)[:-1])
    return small(seed, {**rows, company: random.randint(950, 1050)})
