"""The tables of the exercise: sizes that differ with the seed, and two pieces of one company that are counted alike."""

from random import Random

from harness.course.tables import small

NUMBER = 10
ROWS = 25
LEAST, MOST = 75, 190


def tables(seed):
    """Company -> table of 75 to 190 rows. In at least one company two pieces have the same number of links."""
    random = Random(f"{NUMBER}-{seed}")
    rows = {company: random.randint(LEAST, MOST) for company in ("amzn", "googl", "msft", "nflx")}
    while True:
        made = small(seed, rows)
        if any(_alike(tweets) for tweets in made.values()):
            return made
        company = random.choice(list(rows))
        rows[company] += ROWS


def _alike(tweets):
    carries = ["http" in text for text in tweets["Tweet content"]]
    counts = [sum(carries[start : start + ROWS]) for start in range(0, len(carries) - ROWS + 1, ROWS)]
    return len(set(counts)) < len(counts)
