"""The tables of the exercise: two companies of a few tweets, and the steps of a failing order that tell."""

from random import Random

from harness.course.tables import small

NUMBER = 31


def tables(seed):
    """Company -> table of 4 to 9 tweets, of two companies."""
    random = Random(f"{NUMBER}-{seed}")
    companies = random.sample(("amzn", "googl", "msft", "nflx"), 2)
    return small(seed, {company: random.randint(4, 9) for company in companies})


def decisive(events, tables):
    """The reads of a task that come after another task has emptied the file, and before it writes."""
    found = []
    for at, event in enumerate(events):
        if event.data["step"] != "read":
            continue
        others = [one for one in events[:at] if one.task != event.task and "write" in one.data["step"]]
        if others and others[-1].data["step"] == "open to write":
            found.append(event)
    return found
