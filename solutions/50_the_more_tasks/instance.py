"""The tables of the exercise, and the ends of tasks that tell what is wrong."""

from random import Random

from harness.course.tables import small

NUMBER = 50
COMPANIES = ("amzn", "googl", "msft", "nflx")
ROWS = (90, 150)


def tables(seed):
    """Company -> table of 90 to 150 tweets."""
    random = Random(f"{NUMBER}-{seed}")
    return small(seed, {company: random.randint(*ROWS) for company in COMPANIES})


def decisive(events, tables):
    """The ends of the tasks that opened a file which their engine had opened before."""
    return [event for event in events if event.data.get("loads", [0, 0, 0])[2]]
