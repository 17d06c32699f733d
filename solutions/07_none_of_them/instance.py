"""The tables of the exercise: in three pieces, chosen by the seed, there is one tweet without a letter."""

from random import Random

from harness.course.tables import small

NUMBER = 7
ROWS = 20
PIECES = {"amzn": 6, "googl": 5, "msft": 4, "nflx": 4}
REACTIONS = ("👍👍👍", "😂😂", "10/10 👏", "🚀🚀 100%!!!", "💔", "1️⃣0️⃣0️⃣", "...", "😭 😭 😭")


def tables(seed):
    """Company -> table of four to six pieces; every other tweet has at least one letter."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed, {company: pieces * ROWS - random.randrange(8) for company, pieces in PIECES.items()})
    for tweets in made.values():
        tweets["Tweet content"] = [
            text if any(map(str.isalpha, text)) else f"ok {text}" for text in tweets["Tweet content"]
        ]
        tweets["Tweet content"] = tweets["Tweet content"].astype(object)
    everywhere = [(company, piece) for company, pieces in PIECES.items() for piece in range(pieces)]
    for company, piece in random.sample(everywhere, 3):
        row = piece * ROWS + random.randrange(min(ROWS, len(made[company]) - piece * ROWS))
        made[company].loc[row, "Tweet content"] = random.choice(REACTIONS)
    return made
