"""The tables of the exercise: three companies fill their pieces, one, chosen by the seed, does not."""

from random import Random

from harness.course.tables import small

NUMBER = 18
ROWS = 25
MOST_EXTRA = 7


def tables(seed):
    """Company -> table. All have a multiple of 25 rows but one, which has 2 to 7 more, so that it is off by about 1."""
    random = Random(f"{NUMBER}-{seed}")
    full = {company: ROWS * random.randint(3, 6) for company in ("amzn", "googl", "msft", "nflx")}
    company = random.choice(list(full))
    made = small(seed, {**full, company: full[company] + MOST_EXTRA})
    tweets = made[company]
    extra = min(range(2, MOST_EXTRA + 1), key=lambda more: abs(1 - off_by(tweets.iloc[: full[company] + more])))
    made[company] = tweets.iloc[: full[company] + extra]
    return made


def off_by(tweets):
    """How far the average of the pieces' averages is from the average of all, in characters."""
    lengths = [len(text) for text in tweets["Tweet content"]]
    parts = [lengths[start : start + ROWS] for start in range(0, len(lengths), ROWS)]
    return abs(sum(sum(part) / len(part) for part in parts) / len(parts) - sum(lengths) / len(lengths))
