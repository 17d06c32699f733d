"""Made tables of tweets: the same bytes for the same company, rows and seed, on every machine."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from harness.inputs.people import Crowd, Person, crowd
from harness.inputs.timetable import in_burst, moments, tweet_ids
from harness.inputs.topics import Topic, topic
from harness.inputs.wording import shortened, tweet

VERSION = 1  # of the phrases and the way they are drawn: raised when the same seed gives other tables
ROWS, SEED = 30_000, 20160315
RETWEETS = 0.25  # share of rows
MEMORY = 3000  # how many recent tweets and retweets a new retweet is drawn from

Writer = Callable[[Topic, Person, Crowd, bool, Random], tuple[str, str]]  # gives text and language
Row = tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """A tweet as it stands in the table, before all its retweets are counted."""

    person: Person
    time: datetime
    text: str
    language: str
    original: int  # its own place in the table, or that of the tweet it repeats
    elsewhere: int  # retweets that the table does not show


def conversation(about: Topic, rows: int, writer: Writer, random: Random) -> list[Said]:
    """Who said what, when: `rows` tweets in order of time, a quarter of them retweets of earlier ones."""
    people = crowd(rows, dict(about.personas), random)
    said: list[Said] = []
    # Each tweet stands here once, and once more for every retweet: the retweeted get retweeted, a power law.
    echoes: list[int] = []
    for time in moments(rows, about.earnings, random):
        person = people.someone(random)
        if echoes and random.random() < RETWEETS:
            source = said[echoes[-1 - int(random.random() * min(len(echoes), MEMORY))]]
            text = shortened(f"RT @{source.person.handle}: {source.text}")
            said.append(Said(person, time, text, source.language, source.original, 0))
            echoes.append(source.original)
        else:
            text, language = writer(about, person, people, in_burst(time, about.earnings), random)
            elsewhere = min(int(0.3 / (1 - random.random())), 40_000)
            said.append(Said(person, time, text, language, len(said), elsewhere))
            echoes.append(len(said) - 1)
    return said


def table(company: str, rows: int = ROWS, seed: int = SEED, writer: Writer = tweet) -> list[Row]:
    """The rows of a company's table, newest first as in an export, in the order of `schema.COLUMNS`.

    `writer` words the tweets that are not retweets. Each company has random numbers of its own, so a table
    does not depend on which others are made. Only `Random.random` and `Random.choices` are drawn from and
    only exact arithmetic is used: their sequences are the same on every Python that the project supports.
    """
    random = Random(f"{seed} {company}")
    said = conversation(topic(company), rows, writer, random)
    retweets = [one.elsewhere for one in said]
    for place, one in enumerate(said):
        if one.original != place:
            retweets[one.original] += 1
    ids = tweet_ids([one.time for one in said], random)
    written = [
        as_row(one, ids[place], retweets[one.original], one.original != place, random) for place, one in enumerate(said)
    ]
    return written[::-1]


def as_row(said: Said, tweet_id: int, retweets: int, is_retweet: bool, random: Random) -> Row:
    """The cells of one tweet. A retweet shows the count of its original, and no favourites, as Twitter had it."""
    person = said.person
    favourites = 0 if is_retweet else int(retweets * (0.5 + random.random()) + 0.4 / (1 - random.random()))
    return (
        str(tweet_id),
        said.time.strftime("%Y-%m-%d"),
        said.time.strftime("%H:%M"),
        person.name,
        person.handle,
        person.bio,
        said.text,
        str(min(favourites, 90_000)),
        str(retweets),
        person.latitude,
        person.longitude,
        person.country,
        person.place,
        person.picture,
        str(person.followers),
        str(person.following),
        str(person.listed),
        said.language,
        f"https://twitter.example/{person.handle}/status/{tweet_id}",
        str(is_retweet),
    )
