"""Which share of each company's words is in the dictionary; the tweets are handed out in pieces, one task a piece."""

import re
from zipfile import ZipFile

from loguru import logger

from harness.places import DATA

ROWS = 20
WORDNET = DATA / "wordnet" / "corpora" / "wordnet.zip"
WORD = re.compile(r"[a-z]+")


def dictionary():
    """The words that WordNet lists: nouns, verbs, adjectives and adverbs."""
    known = set()
    with ZipFile(WORDNET) as archive:
        for part in ("noun", "verb", "adj", "adv"):
            lines = archive.read(f"wordnet/index.{part}").decode().splitlines()
            known.update(line.split(" ", 1)[0] for line in lines if not line.startswith(" "))
    return known


def look_up(company, texts, known):
    """How many words the texts have, and how many of those are in the dictionary."""
    words = [word for text in texts for word in WORD.findall(text.lower())]
    logger.info("{}: {} words in {} tweets", company, len(words), len(texts))
    return len(words), sum(word in known for word in words)


def pieces(tweets):
    """The texts in pieces of 20, so that every engine has something to do until the end."""
    texts = list(tweets["Tweet content"])
    return [texts[start : start + ROWS] for start in range(0, len(texts), ROWS)]


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> share of its words; None if it has none."""
    work = [(company, piece) for company, tweets in tables.items() for piece in pieces(tweets)]
    known = [dictionary()] * len(work)
    found = view.map_async(look_up, [company for company, _ in work], [piece for _, piece in work], known).get()
    sums = {company: [0, 0] for company in tables}
    for (company, _), (words, known) in zip(work, found, strict=True):
        sums[company][0] += words
        sums[company][1] += known
    return {company: known / words if words else None for company, (words, known) in sums.items()}
