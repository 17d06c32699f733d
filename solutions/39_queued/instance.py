"""The tables of the exercise: a few tweets of one company, chosen by the seed, are in an unexpected language."""

from random import Random

from harness.course.tables import small

NUMBER = 39
LANGUAGE = "Tweet language (ISO 639-1)"
TWEETS = {
    "in": ("lagi lagi {name} bikin senang", "siapa yang pakai {name} malam ini?", "{name} lambat sekali hari ini"),
    "tr": ("{name} bugün çok yavaş", "bu akşam {name} ve çay", "{name} harika, herkese söyledim"),
    "sv": ("hela helgen med {name}", "{name} funkar inte igen", "älskar {name} idag"),
    "pl": ("znowu {name} i pizza", "czy u was {name} też nie działa?", "{name} jest super"),
}
NAMES = {"amzn": "Amazon", "googl": "Google", "msft": "Windows", "nflx": "Netflix"}


def tables(seed):
    """Company -> table; two or three tweets of one company are in a language without words."""
    random = Random(f"{NUMBER}-{seed}")
    made = small(seed)
    company = random.choice(list(made))
    language = random.choice(list(TWEETS))
    said = random.sample(TWEETS[language], random.randint(2, 3))
    tweets = made[company]
    for row, text in zip(random.sample(range(len(tweets)), len(said)), said, strict=True):
        tweets.loc[row, "Tweet content"] = text.format(name=NAMES[company])
        tweets.loc[row, LANGUAGE] = language
    return made
