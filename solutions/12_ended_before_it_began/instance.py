"""The tables of the exercise: in every company some tweets come a second time; how many depends on the seed."""

from random import Random

import pandas as pd

from harness.course.tables import small

NUMBER = 12
ODD = 1
"""The engine whose clock exercise.toml shifts."""


def tables(seed):
    """Company -> table of 60 to 160 tweets, and 3 to 20 of them once more."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed, {company: random.randint(60, 160) for company in ("amzn", "googl", "msft", "nflx")})
    return {
        company: pd.concat([tweets, tweets.iloc[: random.randint(3, 20)]], ignore_index=True)
        for company, tweets in made.items()
    }


def decisive(events, tables):
    """The ends of tasks whose entries bear a time before the run."""
    return [event for event in events if event.engine == ODD]
