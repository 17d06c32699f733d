"""The tables of the exercise: three companies can be cut into six equal pieces, one, chosen by the seed, can't."""

from random import Random

from harness.course.tables import small

NUMBER = 19
PIECES = 6


def tables(seed):
    """Company -> table. All have a multiple of six rows but one, which has 2 to 5 more."""
    random = Random(f"{NUMBER}-{seed}")
    rows = {company: PIECES * random.randint(14, 27) for company in ("amzn", "googl", "msft", "nflx")}
    company = random.choice(list(rows))
    return small(seed, {**rows, company: rows[company] + random.randint(2, PIECES - 1)})
