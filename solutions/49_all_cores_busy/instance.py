"""The tables of the exercise, and the ends of tasks that tell what is wrong."""

from random import Random

from harness.course.tables import small

NUMBER = 49
COMPANIES = ("amzn", "googl", "msft", "nflx")
ROWS = (380, 420)


def tables(seed):
    """Company -> table of around 400 tweets."""
    random = Random(f"{NUMBER}-{seed}")
    return small(seed, {company: random.randint(*ROWS) for company in COMPANIES})


def decisive(events, tables):
    """The ends of the tasks in which their engine worked with more than one thread."""
    return [event for event in events if event.data.get("threads", 1) > 1]
