"""The tables of the exercise: one company, chosen by the seed, has a tweet without text."""

from random import Random

from harness.course.tables import small

NUMBER = 43


def tables(seed):
    """Company -> table; one text of one company is None, as in any table read from a database."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed)
    company = random.choice(list(made))
    row = random.randrange(20, len(made[company]))
    made[company].loc[row, "Tweet content"] = None
    return made
