"""The tables of the exercise: one company, chosen by the seed, has a text that is none."""

from random import Random

from harness.course.tables import small

NUMBER = 41
UNREADABLE = (None, float("nan"), 404)


def tables(seed):
    """Company -> table; somewhere in the middle of one table there is a value that is no text."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed)
    tweets = made[random.choice(list(made))]
    texts = list(tweets["Tweet content"])
    texts[random.randrange(30, len(texts) - 10)] = random.choice(UNREADABLE)
    tweets["Tweet content"] = texts
    return made
