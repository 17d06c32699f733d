"""How long tweets are, in words; a second thread prepares them while the first one counts."""

import queue
import re
import threading
from collections import Counter

from loguru import logger

END = None
AHEAD = 20  # tweets that may be ready before they are counted


def prepare(texts, ready):
    """Put the words of each tweet into the queue, and END behind the last."""
    try:
        for text in texts:
            words = re.findall(r"\w+", text.lower())
            ready.put(words)
    finally:
        ready.put(END)


def lengths_of(company, texts):
    """Number of words -> number of tweets that have so many; None if a tweet can't be read."""
    logger.info("{}: {} tweets", company, len(texts))
    ready = queue.Queue(AHEAD)
    lengths = Counter()
    threading.Thread(target=prepare, args=(texts, ready)).start()
    while (words := ready.get()) is not END:
        lengths[len(words)] += 1
    logger.info("{}: {} tweets in {} lengths", company, lengths.total(), len(lengths))
    return dict(lengths)


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> words -> tweets, None where it can't be said."""
    texts = [list(tweets["Tweet content"]) for tweets in tables.values()]
    found = view.map_async(lengths_of, list(tables), texts)
    return dict(zip(tables, found.get(), strict=True))
