"""The tables of the exercise: four days of each company, one of them, chosen by the seed, with far more tweets."""

from random import Random

import pandas as pd

from harness.course.tables import small

NUMBER = 52
COMPANIES = ("amzn", "googl", "msft", "nflx")
DAYS = 4
QUIET = (80, 100)
BUSY = (480, 520)


def tables(seed, scale=1):
    """Company -> table of four days, oldest first: 80 to 100 tweets on three of them, around 500 on one.

    scale: how many times as many tweets a day, as many more of them new as in a real day.
    """
    random = Random(f"{NUMBER}-{seed}")
    rows = {company: _rows(random, scale) for company in COMPANIES}
    made = small(seed, {company: sum(each) for company, each in rows.items()})
    first = pd.Timestamp("2016-04-25")
    for company, each in rows.items():
        made[company]["Date"] = [first + pd.Timedelta(days=day) for day, count in enumerate(each) for _ in range(count)]
    return made


def decisive(events, tables):
    """The ends of the tasks that had a busy day: those with a third, or more, of the CPU time of the longest."""
    longest = max(event.data["cpu"] for event in events)
    return [event for event in events if event.data["cpu"] * 3 >= longest]


def _rows(random, scale):
    busy = random.randrange(DAYS)
    return [scale * random.randint(*(BUSY if day == busy else QUIET)) for day in range(DAYS)]
