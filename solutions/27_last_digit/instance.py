"""The tables of the exercise: a total that comes out exact in no order of its parts, five or six pieces a company."""

import math
from functools import reduce
from itertools import permutations
from operator import add
from random import Random

from harness.course.tables import small

NUMBER = 27
ROWS = 20
COMPANIES = ("amzn", "googl", "msft", "nflx")
TRIES = 1000


def tables(seed):
    """Company -> table of 85 to 115 tweets, their retweets shuffled until one total is wrong whatever the order.

    The first total that is wrong in the order of the pieces is another one if the parts are added exactly, so that a
    review can tell these two mends apart.
    """
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed, {company: random.randint(85, 115) for company in COMPANIES})
    for _ in range(TRIES):
        for tweets in made.values():
            tweets["RTs"] = random.sample(list(tweets["RTs"]), len(tweets))
        found = [one for tweets in made.values() for one in _parts(tweets)]
        wrong = [parts for parts, exact in found if _sum(parts) != exact]
        if any(_never_exact(*one) for one in found) and wrong and _sum(wrong[0]) != math.fsum(wrong[0]):
            return made
    raise ValueError(f"no such tables in {TRIES} tries")


def _parts(tweets):
    """For each time of day, its part of each piece, as the tasks add it up, and its exact total."""
    times = [int(hour[:2]) // 6 for hour in tweets["Hour"]]
    values = [1 + math.log1p(count) for count in tweets["RTs"]]
    for wanted in range(4):
        own = [value if time == wanted else None for value, time in zip(values, times, strict=True)]
        pieces = [own[start : start + ROWS] for start in range(0, len(own), ROWS)]
        parts = [_sum(one for one in piece if one is not None) for piece in pieces]
        yield parts, math.fsum(one for one in own if one is not None)


def _never_exact(parts, exact):
    return math.fsum(parts) != exact and all(_sum(order) != exact for order in permutations(parts))


def _sum(parts):
    """One after the other, as `+=` does it; `sum` is more exact from Python 3.12 on."""
    return reduce(add, parts, 0.0)
