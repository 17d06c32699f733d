"""The tables of the exercise: one tweet of one company, chosen by the seed, has a word that begins with a dash."""

from random import Random

from harness.course.tables import small

NUMBER = 8
LOSSES = (
    "what a disappointing day for {symbol} again, now at -{tenths}% after hours",
    "never seen {symbol} fall so fast after a conference call: -{tenths}% in ten minutes",
    "everybody celebrates while {symbol} closes at -{tenths}% and nobody explains it",
)


def tables(seed):
    """Company -> table; in all other tweets no word begins with a dash, but for a dash alone."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed)
    for tweets in made.values():
        tweets["Tweet content"] = [" ".join(map(undashed, text.split())) for text in tweets["Tweet content"]]
        tweets["Tweet content"] = tweets["Tweet content"].astype(object)
    company = random.choice(list(made))
    row = random.randrange(20, len(made[company]))
    text = random.choice(LOSSES).format(symbol=f"${company.upper()}", tenths=random.randrange(11, 99) / 10)
    made[company].loc[row, "Tweet content"] = text
    return made


def undashed(word):
    return word if len(word) == 1 else word.lstrip("-") or "-"
