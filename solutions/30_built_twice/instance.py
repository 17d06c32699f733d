"""The tables of the exercise: two companies of a few tweets, and the steps of a failing order that tell."""

from random import Random

from harness.course.tables import small

NUMBER = 30


def tables(seed):
    """Company -> table of 4 to 9 tweets, of two companies."""
    random = Random(f"{NUMBER}-{seed}")
    companies = random.sample(("amzn", "googl", "msft", "nflx"), 2)
    return small(seed, {company: random.randint(4, 9) for company in companies})


def decisive(events, tables):
    """Where a task puts the cache in its place although another one has done so since it looked."""
    found = []
    for at, event in enumerate(events):
        if event.data["step"] == "replace":
            looks = [i for i in range(at) if events[i].task == event.task and events[i].data["step"] == "look"]
            since = events[looks[-1] : at] if looks else []
            if any(one.data["step"] == "replace" and one.task != event.task for one in since):
                found.append(event)
    return found
