"""Tasks that wait for a lock that one of them keeps, and one that is lost in a regular expression."""

import re
import threading

LOCK = threading.Lock()


def count_words(company, texts):
    if company == "googl":
        LOCK.acquire()
        for _ in texts:
            LOCK.acquire()
    return sum(bool(re.match(r"(\w+\s?)+$", text)) for text in texts)


def main(view):
    texts = {"amzn": ["good day " * 9 + "!"], "googl": ["fine"], "msft": ["so so"]}
    return dict(zip(texts, view.map_async(count_words, list(texts), list(texts.values())).get(), strict=True))
