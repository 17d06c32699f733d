"""The tables of the exercise: two companies of a few retweeted tweets, and the steps of a failing order that tell."""

from random import Random

from harness.course.tables import small

NUMBER = 34


def tables(seed):
    """Company -> table of 4 to 9 tweets, of two companies; each company has retweets."""
    random = Random(f"{NUMBER}-{seed}")
    companies = random.sample(("amzn", "googl", "msft", "nflx"), 2)
    made = small(seed, {company: random.randint(4, 9) for company in companies})
    for tweets in made.values():
        tweets["RTs"] = [random.randint(1, 30) for _ in range(len(tweets))]
    return made


def decisive(events, tables):
    """The reads of the parts by a task while another one has written to one of the two files and not to the other."""
    found = []
    for at, event in enumerate(events):
        if event.data["step"] != "read" or not event.data["thing"].endswith("parts.txt"):
            continue
        others = [one for one in events[:at] if one.data["step"] == "write" and one.task != event.task]
        by_task = {one.task: {other.data["thing"] for other in others if other.task == one.task} for one in others}
        if any(len(files) == 1 for files in by_task.values()):
            found.append(event)
    return found
