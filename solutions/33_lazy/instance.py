"""The tables of the exercise: one company of a few tweets, and the steps of a failing order that tell."""

from random import Random

from harness.course.tables import small

NUMBER = 33
ROWS = 4
RATINGS = {"best": 3, "better": 2, "well": 1, "new": 1, "complain": -2, "lost": -2, "ruined": -3, "great": 3}
RATED = ["the best there is", "lost again", "ruined my day", "better than that", "it works well", "i complain"]


def tables(seed):
    """Company -> table, of a single company: four tweets; each thread's half of them has ratings that don't cancel."""
    random = Random(f"{NUMBER}-{seed}")
    company = random.choice(("amzn", "googl", "msft", "nflx"))
    made = small(seed, {company: ROWS})
    texts = list(made[company]["Tweet content"])
    drawn = texts
    while not (rating(drawn[::2]) and rating(drawn[1::2])):
        drawn = [f"{text} {random.choice(RATED)}" for text in texts]
    made[company]["Tweet content"] = drawn
    return made


def rating(texts):
    """The ratings of the words of these texts, added up."""
    return sum(RATINGS.get(word, 0) for text in texts for word in text.lower().split())


def decisive(events, tables):
    """The steps of a thread in the loader that come after the other thread of its task has begun."""
    found = []
    for at, event in enumerate(events):
        if event.data["step"] not in ("open to read", "read"):
            continue
        begun = {one.data["actor"] for one in events[:at] if one.data["step"] == "begin" and one.task == event.task}
        if any("thread" in actor and actor != event.data["actor"] for actor in begun):
            found.append(event)
    return found
