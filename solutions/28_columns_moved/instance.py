"""The tables of the exercise: the days of one company, chosen by the seed, sort otherwise by their names."""

from random import Random

import pandas as pd

from harness.course.tables import small

NUMBER = 28
ROWS = 120
COMPANIES = ("amzn", "googl", "msft", "nflx")
SHORT = ("2016-04-11", 16), ("2016-05-12", 16), ("2016-04-27", 13), ("2016-06-10", 17)
LONG = "2016-03-29", 68
MIXED = ("2016-04-04", 14), ("2016-05-05", 13), ("2016-05-26", 12), ("2016-06-03", 15)


def tables(seed):
    """Company -> table of 120 tweets, on some days in a row: 12 to 17, or 68 for one company.

    The names of one company's days sort in another order than the days, and so do those of the one with 68.
    """
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed, dict.fromkeys(COMPANIES, ROWS))
    chosen, long, *others = random.sample(COMPANIES, 4)
    days = {chosen: random.choice(MIXED), long: LONG, **dict(zip(others, random.sample(SHORT, 2), strict=True))}
    for company, tweets in made.items():
        start, count = days[company]
        dates = list(pd.date_range(start, periods=count))
        tweets["Date"] = sorted(dates + random.choices(dates, k=ROWS - count))
    return made
