"""The tables of the exercise: one company, chosen by the seed, has many times as many tweets as the others."""

from random import Random

from harness.course.tables import small

NUMBER = 48


def tables(seed, scale=1):
    """Company -> table: 900 to 1,100 rows of one company, 40 to 70 of each other one."""
    random = Random(f"{NUMBER}-{seed}")
    rows = {company: scale * random.randint(40, 70) for company in ("amzn", "googl", "msft", "nflx")}
    rows[random.choice(list(rows))] = scale * random.randint(900, 1100)
    return small(seed, rows)


def decisive(events, tables):
    """Of the ends of all tasks, that of the task whose own code took most of the processor."""
    return [max(events, key=lambda event: event.data.get("work", event.data["cpu"]))] if events else []
