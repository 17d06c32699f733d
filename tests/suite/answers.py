"""Results that can't be pickled, can't be unpickled, or are very large; and odd ones that travel well."""

import collections
import os
import threading
import time

TWEET = "Prime day at $AMZN again"
Length = collections.namedtuple("Length", "company characters")


class Unreadable:
    """Pickles, and raises when it is unpickled."""

    def __reduce__(self):
        return int, ("not a number",)


class ReadInFlight:
    """Unpickled by a pass that only engines make well: it fails in the client."""

    def __init__(self, pid):
        self.pid = pid

    def __setstate__(self, state):
        if state["pid"] != os.getpid():
            raise LookupError("only where it was made")
        self.__dict__.update(state)


class NeverRead:
    def __reduce__(self):
        return time.sleep, (10**6,)


class ReadSlowly:
    def __reduce__(self):
        return time.sleep, (0.2,)


class ExitsWhenRead:
    def __reduce__(self):
        return exit, (3,)


class InterruptsWhenRead:
    def __reduce__(self):
        return _interrupt, ()


def _interrupt():
    raise KeyboardInterrupt("while unpickling")


def lock():
    return threading.Lock()


def lock_used():
    with threading.Lock():
        return len(TWEET)


def generator():
    return (len(tweet) for tweet in [TWEET])


def generator_listed():
    return [len(tweet) for tweet in [TWEET]]


def function_with_closure():
    limit = 140
    return lambda tweet: len(tweet) <= limit


def local_class():
    class Count:
        pass

    return Count()


def own_class():
    return Length("amzn", len(TWEET))


def open_file():
    with open(os.devnull) as file:
        return file


def file_content():
    with open(os.devnull) as file:
        return file.read()


def unreadable():
    return Unreadable()


def readable_only_where_made():
    return ReadInFlight(os.getpid())


def never_read():
    return NeverRead()


def read_slowly():
    return ReadSlowly()


def exits_when_read():
    return ExitsWhenRead()


def interrupts_when_read():
    return InterruptsWhenRead()


def large():
    return bytes(96 * 2**20)


def large_in_parts():
    return [bytes([part]) * 2**20 for part in range(64)]


def many_small():
    return {f"{TWEET} {number}": number for number in range(200_000)}


def nested_too_deeply():
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return nested


def nested_a_little():
    nested = []
    for _ in range(100):
        nested = [nested]
    return nested


def refers_to_itself():
    tweets = [TWEET]
    tweets.append(tweets)
    return tweets


def array():
    import numpy

    return numpy.arange(12).reshape(3, 4)


def table():
    import pandas

    return pandas.DataFrame({"text": [TWEET], "length": [len(TWEET)]})


def surrogates():
    return "half a smile \ud83d"


def none():
    return None


def not_a_number():
    return float("nan")


def repr_raises():
    return {TWEET: Unshowable()}


class Unshowable:
    def __repr__(self):
        raise RuntimeError("not to be shown")


def pickling_never_ends():
    return Endless()


class Endless:
    def __reduce__(self):
        while True:
            time.sleep(0.01)  # where: endless_pickling


def pickling_exits():
    return Exiting()


class Exiting:
    def __reduce__(self):
        raise SystemExit("while pickling")


def pickling_takes_the_engine_down():
    return Fatal()


class Fatal:
    def __reduce__(self):
        os._exit(11)
