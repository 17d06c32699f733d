"""Results that differ from the reference: a tweet lost, an order mixed up, a number rounded; and ones that agree."""

TWEETS = [{"company": name, "text": "x" * number} for number, name in enumerate(["amzn", "googl", "msft", "nflx"] * 5)]


def lengths(tweets):
    return [len(tweet["text"]) for tweet in tweets]


def reference():
    return {"tweets": len(TWEETS), "characters": sum(lengths(TWEETS))}


def in_order():
    return lengths(TWEETS)


def mean():
    return {"mean": sum(lengths(TWEETS)) / len(TWEETS)}


def _parts(parts):
    size = len(TWEETS) // parts
    return [TWEETS[first * size : (first + 1) * size] for first in range(parts)]


def last_part_lost(view):
    found = view.map_sync(lengths, _parts(3))
    return {"tweets": sum(map(len, found)), "characters": sum(map(sum, found))}


def nothing_lost(view):
    found = view.map_sync(lengths, _parts(4))
    return {"tweets": sum(map(len, found)), "characters": sum(map(sum, found))}


def backwards(view):
    return [length for part in reversed(view.map_sync(lengths, _parts(4))) for length in part]


def forwards(view):
    return [length for part in view.map_sync(lengths, _parts(4)) for length in part]


def mean_of_unequal_means(view):
    parts = [TWEETS[:2], TWEETS[2:]]
    return {"mean": sum(sum(found) / len(found) for found in view.map_sync(lengths, parts)) / len(parts)}


def mean_of_all(view):
    parts = [TWEETS[:2], TWEETS[2:]]
    found = view.map_sync(lengths, parts)
    return {"mean": sum(map(sum, found)) / sum(map(len, found))}


def number_as_text(view):
    return {"tweets": str(len(TWEETS)), "characters": sum(map(sum, view.map_sync(lengths, _parts(4))))}


def one_key_too_many(view):
    return {**reference(), "companies": view.apply_sync(len, "amzn")}
