"""Rated texts divided for the sentiment network: what it is fitted on, what it is chosen by, what it never sees."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from harness import places
from harness.errors import BadInput
from harness.inputs import rated, sentiment140

SPLIT_SEED = 2014
TEST = 1000  # tweets
VALIDATION = 500  # tweets
NEAR = 0.6  # Jaccard index of two tweets' words from which one is a copy of the other
TWEET_WEIGHT = 2.0  # a tweet counts as this many sentences from reviews and editorials

_STAND_INS = frozenset({"anonymous", "http", "url", "removed"})  # for names and links, in many tweets


@dataclass(frozen=True)
class Parts:
    """Texts of three parts without a common text, each a table of `text`, `rating` (−4 to 4) and `source`.

    `train` has a fourth column, `weight`: in every source the positive texts weigh as much as the others.
    `lexicon` (`text`, `rating`) holds single rated words and emoticons; it can be empty. `origin` says in a few
    words what it all is.
    """

    origin: str
    train: pd.DataFrame
    validation: pd.DataFrame
    test: pd.DataFrame
    lexicon: pd.DataFrame


def vader(cache: Path = places.CACHE) -> Parts:
    """The texts of `rated`: 1,000 tweets for the test, 500 to validate, all else to fit on.

    Tweets that differ in capitals and punctuation only count once. What is near a test tweet (see `NEAR`) is
    left out of the other parts. Raises CannotWork where the texts can be neither read nor fetched.
    """
    tweets = _distinct(rated.tweets(cache).assign(source="tweet"))
    snippets = _distinct(rated.snippets(cache))
    test = tweets.sample(TEST, random_state=SPLIT_SEED)
    near = near_copies(test["text"])
    rest = tweets.drop(test.index)
    rest = rest[~rest["text"].map(near)]
    validation = rest.sample(VALIDATION, random_state=SPLIT_SEED)
    held_out = set(pd.concat([test, validation])["text"].map(letters))
    snippets = snippets[~snippets["text"].map(letters).isin(held_out)]
    train = pd.concat([rest.drop(validation.index), snippets], ignore_index=True)
    return Parts("human-rated texts of vaderSentiment 3.3.2", _weighted(train), validation, test, rated.lexicon(cache))


def emoticon_labelled(file: Path) -> Parts:
    """The tweets of a Sentiment140 file: 1,000 for the test, as many to validate, at most a tenth each.

    Raises BadInput where `file` is not one (see `sentiment140.read`).
    """
    tweets = _distinct(sentiment140.read(file).assign(source="tweet"))
    held = min(TEST, len(tweets) // 10)
    if not held:
        raise BadInput(f"{file}: {len(tweets)} different tweets are too few: give Sentiment140's training file")
    mixed = tweets.sample(frac=1, random_state=SPLIT_SEED)
    test, validation, train = mixed[:held], mixed[held : 2 * held], mixed[2 * held :]
    no_lexicon = pd.DataFrame({"text": pd.Series(dtype="str"), "rating": pd.Series(dtype="float")})
    return Parts(f"Sentiment140, {file.name}", _weighted(train), validation, test, no_lexicon)


def made(rows: int = 600) -> Parts:
    """Small made tweets about shops and films, for trying things out where nothing can be fetched.

    What is learned from them is worth nothing beyond them.
    """
    words = {
        "love": 3.0, "great": 2.5, "good": 2.0, "fun": 1.5, "ok": 0.6,
        "hate": -3.0, "awful": -2.5, "bad": -2.0, "boring": -1.5, "meh": -0.6,
    }  # fmt: skip
    things = ["film", "phone", "parcel", "series", "update", "shop", "song", "meeting", "train", "book"]
    random = np.random.default_rng(SPLIT_SEED)
    table: list[tuple[str, float, str]] = []
    while len(table) < rows:
        word, thing, other = random.choice(list(words)), *random.choice(things, 2)
        mark = random.choice([":)", "!"] if words[word] > 0 else [":(", "..."])
        text = f"@anonymous that {thing} was {word}, number {len(table)} after the {other} {mark}"
        table.append((text, words[word], "tweet"))
    tweets = pd.DataFrame(table, columns=["text", "rating", "source"]).astype({"text": "str"})
    lexicon = pd.DataFrame({"text": [*words, ":)", ":("], "rating": [*words.values(), 2.0, -2.0]})
    tenth = rows // 10
    parts = tweets[2 * tenth :], tweets[:tenth], tweets[tenth : 2 * tenth]
    return Parts("small made tweets", _weighted(parts[0]), parts[1], parts[2], lexicon.astype({"text": "str"}))


def letters(text: str) -> str:
    """The words of an English text: what does not change with capitals, digits, punctuation and emoticons."""
    return " ".join(re.findall("[a-z]+", text.lower()))


def near_copies(texts: pd.Series) -> Callable[[str], bool]:
    """A function that says of a text whether its words are nearly those of one of `texts`.

    The measure is the Jaccard index of the two sets of words, stand-ins for names and links left out.
    """
    known = [_words(text) for text in texts]
    having = defaultdict(list)
    for number, words in enumerate(known):
        for word in words:
            having[word].append(number)

    def near(text: str) -> bool:
        words = _words(text)
        shared = Counter(number for word in words for number in having[word])
        return any(count / len(words | known[number]) >= NEAR for number, count in shared.items())

    return near


def _words(text: str) -> frozenset[str]:
    return frozenset(letters(text).split()) - _STAND_INS


def _distinct(table: pd.DataFrame) -> pd.DataFrame:
    keys = table["text"].map(letters)
    return table[(keys != "") & ~keys.duplicated()].reset_index(drop=True)


def _weighted(train: pd.DataFrame) -> pd.DataFrame:
    weight = train["source"].map(lambda source: TWEET_WEIGHT if source == "tweet" else 1.0)
    group, half = train["source"], [train["source"], train["rating"] > 0]
    weight *= weight.groupby(group).transform("sum") / 2 / weight.groupby(half).transform("sum")
    return train.assign(weight=weight / weight.mean())
