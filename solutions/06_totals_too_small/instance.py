"""The tables of the exercise: one tweet of one company, chosen by the seed, has no number of retweets."""

from random import Random

from harness.course.tables import small

NUMBER = 6
UNKNOWN = ("n/a", "-", "?", "hidden")


def tables(seed):
    """Company -> table; one count of one company is a word, as some exports write for a tweet that was deleted."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed)
    company = random.choice(list(made))
    row = random.randrange(len(made[company]))
    for tweets in made.values():
        tweets["RTs"] = tweets["RTs"].astype(object)
    made[company].loc[row, "RTs"] = random.choice(UNKNOWN)
    return made
