"""The tables of the exercise: one company, chosen by the seed, has tweets without a time."""

from random import Random

from harness.course.tables import small

NUMBER = 45
MISSING = 30


def tables(seed):
    """Company -> table; 30 times of one company, not those of the first tweets, are None, as read from a database."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed)
    tweets = made[random.choice(list(made))]
    tweets.loc[random.sample(range(20, len(tweets)), MISSING), "Hour"] = None
    return made
