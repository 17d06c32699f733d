"""The tables of the exercise: one company, chosen by the seed, has a few tweets that were passed on very often."""

from random import Random

from harness.course.tables import small

NUMBER = 23
MANY = 300


def tables(seed):
    """Company -> table; two to five tweets of one of the first three companies have 300 retweets or more, none else."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed)
    for tweets in made.values():
        tweets["RTs"] = tweets["RTs"].clip(upper=MANY - 1)
    tweets = made[random.choice(list(made)[:-1])]
    for row in random.sample(range(len(tweets)), random.randint(2, 5)):
        tweets.loc[row, "RTs"] = random.randint(MANY, 10 * MANY)
    return made
