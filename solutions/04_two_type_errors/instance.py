"""The tables of the exercise: the tweets of one company, chosen by the seed, quote a move in percent."""

from random import Random

from harness.course.tables import small

NUMBER = 4
QUOTES = ("{} today", "up {} since Monday", "{} after hours", "down {} at the open")


def tables(seed):
    """Company -> table; one company's tweets quote a few moves, the other companies' none."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed)
    for tweets in made.values():
        tweets["Tweet content"] = [text.replace("%", " percent") for text in tweets["Tweet content"]]
        tweets["Tweet content"] = tweets["Tweet content"].astype(object)
    company = random.choice(list(made))
    for row in random.sample(range(5, len(made[company])), 3):
        move = f"{random.choice('+-')}{random.randrange(11, 99) / 10}%"
        made[company].loc[row, "Tweet content"] += " " + random.choice(QUOTES).format(move)
    return made
