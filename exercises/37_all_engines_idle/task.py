"""Which hashtags are used when: the favourites of each company's public, by the time of day."""

from collections import Counter

import ipyparallel as ipp
from loguru import logger

LONG = 8
TOP = 3
PARTS = ("night", "morning", "afternoon", "evening")


def address(client):
    """What another process has to know to become a client of the same cluster."""
    known = dict(client._config)
    for channel in ("registration", "control", "mux", "task", "iopub", "notification", "broadcast"):
        known[channel] = int(known[channel].rpartition(":")[2])
    return known


def count(texts):
    """Hashtag -> how often it is used, in upper or lower case."""
    words = [word for text in texts for word in text.lower().split()]
    return Counter(word.rstrip(".,!?") for word in words if word.startswith("#"))


def top_hashtags(company, part, texts, cluster):
    """The hashtags used most, the more frequent first, then by the alphabet."""
    if len(texts) < LONG:
        counts = count(texts)
    else:
        chunks = [texts[start : start + LONG] for start in range(0, len(texts), LONG)]
        logger.info("{}, {}: {} tweets, in {} chunks", company, part, len(texts), len(chunks))
        with ipp.Client(cluster) as client:
            counts = sum(client.load_balanced_view().map_sync(count, chunks), Counter())
    logger.info("{}, {}: {} hashtags", company, part, len(counts))
    return sorted(counts, key=lambda tag: (-counts[tag], tag))[:TOP]


def by_part(tweets):
    """Part of the day, of those that have tweets -> texts of its tweets."""
    parts = {part: [] for part in PARTS}
    for hour, text in zip(tweets["Hour"], tweets["Tweet content"], strict=True):
        parts[PARTS[int(hour[:2]) // 6]].append(text)
    return {part: texts for part, texts in parts.items() if texts}


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> part of the day -> its three favourites."""
    cluster = address(view.client)
    sent = {company: {} for company in tables}
    for company, tweets in tables.items():
        for part, texts in by_part(tweets).items():
            sent[company][part] = view.apply_async(top_hashtags, company, part, texts, cluster)
    return {company: {part: answer.get() for part, answer in of.items()} for company, of in sent.items()}
