"""The tables of the exercise: two companies, chosen by the seed, are talked about together: all day long, or once."""

from random import Random

from harness.course.tables import small

NUMBER = 36
SYMBOLS = {"amzn": "$AMZN", "googl": "$GOOGL", "msft": "$MSFT", "nflx": "$NFLX"}
ROWS = 120


def tables(seed):
    """Company -> table, of 120 tweets for two companies, most of which name the other one, and of ten for the rest."""
    random = Random(f"{NUMBER}-{seed}")
    one, other = random.sample(sorted(SYMBOLS), 2)
    made = small(seed, {one: ROWS, other: ROWS, **{each: 10 for each in SYMBOLS if each not in (one, other)}})
    for company, symbol in ((one, SYMBOLS[other]), (other, SYMBOLS[one])):
        texts = made[company]["Tweet content"]
        made[company]["Tweet content"] = [f"{text} {symbol}" if random.random() < 0.9 else text for text in texts]
    return made


def few(seed):
    """The same two companies, with one tweet each that names the other one: for a search of the orders of steps."""
    one, other = Random(f"{NUMBER}-{seed}").sample(sorted(SYMBOLS), 2)
    made = small(seed, {one: 1, other: 1})
    for company, symbol in ((one, SYMBOLS[other]), (other, SYMBOLS[one])):
        made[company]["Tweet content"] = [f"{company} and {symbol}"]
    return made
