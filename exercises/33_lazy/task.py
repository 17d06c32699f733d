"""The sentiment of each company's tweets, from a lexicon that is read when it is needed; two threads a task."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from loguru import logger

RATINGS = {"best": 3, "better": 2, "well": 1, "new": 1, "complain": -2, "lost": -2, "ruined": -3, "great": 3}


class Lexicon:
    """Word -> rating. The file is large, so it is read when it is needed, and once."""

    def __init__(self, file):
        self.file = file
        self.loaded = False

    def rating(self, word):
        if not self.loaded:
            self.loaded = True
            self.ratings = json.loads(self.file.read_text())
        return self.ratings.get(word, 0)


class Half(Thread):
    """Adds up the ratings of half of the texts; `error` is what went wrong, if anything did."""

    def __init__(self, lexicon, texts):
        super().__init__()
        self.lexicon, self.texts = lexicon, texts
        self.total, self.error = 0, None

    def run(self):
        try:
            self.total = sum(self.lexicon.rating(word) for text in self.texts for word in text.lower().split())
        except Exception as error:
            self.error = error


def sentiment(company, texts, file):
    """The ratings of all words of the texts, added up."""
    lexicon = Lexicon(file)
    halves = [Half(lexicon, texts[::2]), Half(lexicon, texts[1::2])]
    for half in halves:
        half.start()
    for half in halves:
        half.join()
    for half in halves:
        if half.error:
            raise half.error
    logger.info("{}: {} and {}", company, *(half.total for half in halves))
    return sum(half.total for half in halves)


def main(view, tables):
    """tables: company -> DataFrame of any length. Returns company -> sum of the ratings of its words."""
    texts = [list(tweets["Tweet content"]) for tweets in tables.values()]
    with TemporaryDirectory() as folder:
        file = Path(folder, "lexicon.json")
        file.write_text(json.dumps(RATINGS))
        totals = view.map_async(sentiment, list(tables), texts, [file] * len(texts)).get()
    return dict(zip(tables, totals, strict=True))
