"""The tables of the exercise: prices above 1,000 dollars in six pieces of two companies, none in two of the others."""

import re
from random import Random

from harness.course.tables import small

NUMBER = 2
ROWS = 25
PIECES = 4
USUAL = {"amzn": (560, 710), "googl": (690, 790), "msft": (46, 58), "nflx": (85, 125)}
DEAR, CHEAP = ("amzn", "googl"), ("msft", "nflx")
PHRASES = ("target ${}", "${} by summer", "filled at ${}", "not selling below ${}", "${} is cheap")


def tables(seed):
    """Company -> table of 100 tweets, in four pieces; which pieces are odd, and where, depends on the seed."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed, dict.fromkeys(USUAL, ROWS * PIECES))
    over_1000 = random.sample([(company, piece) for company in DEAR for piece in range(PIECES)], 6)
    silent = random.sample([(company, piece) for company in CHEAP for piece in range(PIECES)], 2)
    for company, tweets in made.items():
        texts = [re.sub(r"\$(?=\d)", "", text) for text in tweets["Tweet content"]]
        for piece in range(PIECES):
            if (company, piece) not in silent:
                prices = [str(random.randint(*USUAL[company])) for _ in range(random.randint(3, 6))]
                if (company, piece) in over_1000:
                    prices[random.randrange(len(prices))] = f"1,{random.randrange(0, 250, 10):03d}"
                rows = random.sample(range(ROWS), len(prices))
                for row, price in zip(rows, prices, strict=True):
                    texts[piece * ROWS + row] += " " + random.choice(PHRASES).format(price)
        tweets["Tweet content"] = texts
        tweets["Tweet content"] = tweets["Tweet content"].astype(object)
    return made
