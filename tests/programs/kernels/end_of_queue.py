"""Two tasks take tweets off a queue, and there is one mark for its end; the twin puts one for each."""

import harness


def take(tweets):
    taken = 0
    while tweets.get() is not None:
        taken += 1
    return taken


def both(view, marks):
    tweets = harness.Queue()
    for tweet in ("one", "two", *[None] * marks):
        tweets.put(tweet)
    return sum(view.map_async(take, [tweets] * 2).get())


def broken(view):
    assert both(view, marks=1) == 2


def correct(view):
    assert both(view, marks=2) == 2
