"""The tables of the exercise: in one company, chosen by the seed, some tweets come a second time."""

from random import Random

import pandas as pd

from harness.course.tables import small

NUMBER = 9


def tables(seed):
    """Company -> table; each text is there once, but for 5 to 20 of one company."""
    random = Random(f"{NUMBER}-{seed}")
    made = {
        company: tweets.drop_duplicates("Tweet content").reset_index(drop=True)
        for company, tweets in small(seed).items()
    }
    company, again = random.choice(list(made)), random.randint(5, 20)
    made[company] = pd.concat([made[company], made[company].iloc[:again]], ignore_index=True)
    return made


def decisive(events, tables):
    """The events of the task that had something to say to the report's readers."""
    again = [company for company, tweets in tables.items() if tweets["Tweet content"].duplicated().any()]
    return [event for event in events if event.data["label"] in again]
