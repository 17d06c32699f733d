"""The tables of the exercise: the archive stores one batch without confirming it, and never gets another one."""

from random import Random

from harness.course.archive import LOST, STORED, fate
from harness.course.tables import small

NUMBER = 26
ROWS = 20
COMPANIES = ("amzn", "googl", "msft", "nflx")
ADDED = ("", " again", " today", " tonight", " right now", " this week", " as ever", " again today", " once more")


def tables(seed):
    """Company -> table of 42 to 96 tweets. Of the two companies with such a batch, the seed says which are which."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed, {company: random.randint(42, 96) for company in COMPANIES})
    stored, lost = random.sample(COMPANIES, 2)
    for company, tweets in made.items():
        texts = list(tweets["Tweet content"])
        texts[-1] = texts[-2] = texts[0]
        batches = [texts[start : start + ROWS] for start in range(0, len(texts), ROWS)]
        chosen = random.randrange(len(batches) - 1)
        for number, batch in enumerate(batches):
            _arrange(company, batch, {stored: STORED, lost: LOST}.get(company) if number == chosen else None)
        tweets["Tweet content"] = [text for batch in batches for text in batch]
    return made


def decisive(events, tables):
    """Of the tasks' events the second of the task whose batch is stored and not confirmed."""
    number = 0
    for company, tweets in tables.items():
        texts = list(tweets["Tweet content"])
        for start in range(0, len(texts), ROWS):
            number += 1
            if fate(_rows(company, texts[start : start + ROWS])) == STORED:
                return [event for event in events if event.task == number][1:]
    return []


def _arrange(company, batch, wanted):
    """Add a word to tweets of the batch until what happens to it is what is wanted, or nothing if that is None."""
    plain = list(batch)
    for row in range(len(batch)):
        for added in ADDED:
            batch[row] = plain[row] + added
            happens = fate(_rows(company, batch))
            if happens == wanted or (wanted is None and happens not in (STORED, LOST)):
                return
        batch[row] = plain[row]
    raise ValueError(f"no way to arrange a batch of {company}")


def _rows(company, texts):
    return [[company, " ".join(text.lower().split())] for text in texts]
