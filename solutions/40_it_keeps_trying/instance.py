"""The tables of the exercise: one company, chosen by the seed, has a time of day that is none."""

from random import Random

from harness.course.tables import small

NUMBER = 40
UNREADABLE = ("", "n/a", "9h40", "half past nine", "0940")


def tables(seed):
    """Company -> table; in one row of one company the time is not like the others."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed)
    tweets = made[random.choice(list(made))]
    tweets.loc[random.randrange(10, len(tweets) - 10), "Hour"] = random.choice(UNREADABLE)
    return made
