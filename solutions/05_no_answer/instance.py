"""The tables of the exercise: one company has a blank tweet, another one a missing text; which, depends on the seed."""

from random import Random

from harness.course.tables import small

NUMBER = 5


def tables(seed):
    """Company -> table; of two companies, one has a tweet of spaces, and one a text that is NaN."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed)
    blank, missing = random.sample(list(made), 2)
    made[blank].loc[random.randrange(20, len(made[blank])), "Tweet content"] = " " * random.randint(1, 4)
    made[missing].loc[random.randrange(20, len(made[missing])), "Tweet content"] = float("nan")
    return made
