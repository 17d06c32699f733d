"""The tables of the exercise: one company, chosen by the seed, has a tweet without text."""

from random import Random

from harness.course.tables import small

NUMBER = 1


def tables(seed):
    """Company -> table; one text of one company is missing, and reads as NaN as in any table read from CSV."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed)
    company = random.choice(list(made))
    row = random.randrange(20, len(made[company]))
    made[company].loc[row, "Tweet content"] = float("nan")
    return made
