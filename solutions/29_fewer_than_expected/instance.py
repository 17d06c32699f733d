"""The tables of the exercise: three companies of a few tweets, and the steps of a failing order that tell."""

from random import Random

from harness.course.tables import small

NUMBER = 29


def tables(seed):
    """Company -> table of 4 to 9 tweets, of three companies; each has another number of tweets."""
    random = Random(f"{NUMBER}-{seed}")
    companies = random.sample(("amzn", "googl", "msft", "nflx"), 3)
    return small(seed, dict(zip(companies, random.sample(range(4, 10), 3), strict=True)))


def decisive(events, tables):
    """The writes of a task between whose read and write another task wrote."""
    found = []
    for at, event in enumerate(events):
        if event.data["step"] != "write":
            continue
        before = [i for i in range(at) if events[i].task == event.task and events[i].data["step"] == "read"]
        read = before[-1] if before else at
        if any(one.data["step"] == "write" and one.task != event.task for one in events[read:at]):
            found.append(event)
    return found
