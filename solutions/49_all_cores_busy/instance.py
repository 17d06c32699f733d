"""The tables of the exercise, and the ends of tasks that tell what is wrong."""

from random import Random

from harness.course.tables import several, small

NUMBER = 49
COMPANIES = ("amzn", "googl", "msft", "nflx")
ROWS = (1380, 1420)  # on new engines too the work takes longer than threads of OpenBLAS spin after their start


def tables(seed, scale=1):
    """Company -> table of around 1400 tweets. scale: how many times as many companies."""
    random = Random(f"{NUMBER}-{seed}")
    return several(small(seed, {company: random.randint(*ROWS) for company in COMPANIES}), scale)


def decisive(events, tables):
    """The ends of the tasks in which their engine worked with more than one thread."""
    return [event for event in events if event.data.get("threads", 1) > 1]
