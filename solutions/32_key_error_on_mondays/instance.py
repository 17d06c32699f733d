"""The tables of the exercise: two companies, the first with more tweets, and the steps of a failing order that tell."""

from random import Random

from harness.course.tables import small

NUMBER = 32


def tables(seed):
    """Company -> table of 10 to 15 tweets for the first, of 4 to 7 for the second."""
    random = Random(f"{NUMBER}-{seed}")
    first, second = random.sample(("amzn", "googl", "msft", "nflx"), 2)
    return small(seed, {first: random.randint(10, 15), second: random.randint(4, 7)})


def decisive(events, tables):
    """The reads of tasks whose own company is not noted by then: tasks were sent company by company, first the notes.

    An order ends when main has failed, so that a note that comes too late may not be in it at all.
    """
    companies = len(tables)
    noted = {event.task: at for at, event in enumerate(events) if event.data["step"] == "write"}
    return [
        event
        for at, event in enumerate(events)
        if event.data["step"] == "read"
        and (event.task or 0) > companies
        and noted.get(event.task - companies, len(events)) > at
    ]
