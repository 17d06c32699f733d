"""The tables of the exercise: one pair of one company, chosen by the seed, stands across the end of a piece."""

from random import Random

from harness.course.tables import small

NUMBER = 24
WORDS = 100
PAIRS = {
    "amzn": ("prime day", "two boxes"),
    "googl": ("street view", "self driving"),
    "msft": ("surface pro", "patch tuesday"),
    "nflx": ("stranger things", "next episode"),
}
SAYINGS = ("{pair} again", "is it {pair} already", "my boss and {pair} what a week", "anyone for {pair} tonight")


def tables(seed):
    """Company -> table of 40 to 55 tweets. Where a tweet would go on in the next piece it is cut short, but for one.

    In that one the first word of a pair is the last of its piece. The pair stands in a few other tweets as well.
    """
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed, {company: random.randint(40, 55) for company in PAIRS})
    chosen = random.choice(list(PAIRS))
    pair = random.choice(PAIRS[chosen])
    for company, tweets in made.items():
        texts = [" ".join(_words(text)) for text in tweets["Tweet content"]]
        if company == chosen:
            for row, saying in zip(random.sample(range(len(texts)), 4), SAYINGS, strict=True):
                texts[row] = saying.format(pair=pair)
        across = random.randint(1, 3) if company == chosen else None
        tweets["Tweet content"] = _fitted(texts, pair.split(), across)
    return made


def decisive(events, tables):
    """Of the tasks' events those of the task whose piece begins in the middle of a tweet."""
    number = 1
    for tweets in tables.values():
        lengths = [len(_words(text)) + 1 for text in tweets["Tweet content"]]
        ends = {sum(lengths[:count]) for count in range(len(lengths) + 1)}
        for start in range(0, sum(lengths), WORDS):
            if not {start, start + 1} & ends:
                return [event for event in events if event.task == number]
            number += 1
    return []


def _words(text):
    return [word for word in text.split() if not word.lower().startswith("http")]


def _fitted(texts, pair, across):
    """The texts, cut where a piece ends; at the end with the number `across`, or the next, the pair stands instead."""
    fitted, length = [], 0
    for text in texts:
        words = text.split()
        room = WORDS - length % WORDS
        if room < len(words):
            if across is not None and length // WORDS + 1 >= across:
                words[room - 1 : room + 1] = pair
                across = None
            else:
                words = words[:room]
        length += len(words) + 1
        fitted.append(" ".join(words))
    return fitted
