"""The tables of the exercise: one company, chosen by the seed, has a last piece of a handful of tweets."""

from random import Random

from harness.course.tables import small

NUMBER = 47
ROWS = 80


def tables(seed, scale=1):
    """Company -> table, about 2,000 rows in all. All have a multiple of 80 rows but one, which has 2 to 7 more."""
    random = Random(f"{NUMBER}-{seed}")
    rows = {company: scale * ROWS * random.randint(5, 7) for company in ("amzn", "googl", "msft", "nflx")}
    rows[random.choice(list(rows))] += random.randint(2, 7)
    return small(seed, rows)


def decisive(events, tables):
    """Of the events of all tasks, that of the task with the smallest piece: tasks are numbered as they were sent."""
    sizes = [min(ROWS, len(tweets) - start) for tweets in tables.values() for start in range(0, len(tweets), ROWS)]
    return [event for event in events if event.task == sizes.index(min(sizes)) + 1]
