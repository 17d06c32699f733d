"""The tables of the exercise: every piece of 40 tweets has an emoji somewhere, in rows that differ with the seed."""

from random import Random

from harness.course.tables import small

NUMBER = 15
ROWS = 40
EMOJI = "😀🎉🚀👍🔥"


def tables(seed):
    """Company -> table of 100 to 200 rows."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed, {company: random.randint(100, 200) for company in ("amzn", "googl", "msft", "nflx")})
    for tweets in made.values():
        for first in range(0, len(tweets), ROWS):
            row = random.randrange(first, min(first + ROWS, len(tweets)))
            tweets.loc[row, "Tweet content"] += f" {random.choice(EMOJI)}"
    return made
