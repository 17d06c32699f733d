"""The hour of the day at which there is most talk about each company, and how many tweets of it."""

import ctypes
from collections import Counter

from loguru import logger

# C's own: it takes the number that a text begins with, "9:05" or "09h05", whatever comes behind it.
atoi = ctypes.CDLL(None).atoi
atoi.argtypes = [ctypes.c_char_p]
atoi.restype = ctypes.c_int


def hour_of(time):
    """The hour of a time of day, such as 9 for "09:23"."""
    return atoi(time.encode())


def busiest(company, times):
    """The hour with most tweets, the earlier one of two, and their number; None if no tweet has a time."""
    logger.info("{}: {} tweets", company, len(times))
    hours = Counter(hour_of(time) for time in times if isinstance(time, str))
    if not hours:
        return None
    hour = min(hours, key=lambda hour: (-hours[hour], hour))
    logger.info("{}: {} tweets at {}", company, hours[hour], hour)
    return hour, hours[hour]


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> (hour, number of tweets) or None."""
    view.retries = 9  # engines come and go here; the work is to be done in any case
    times = [list(tweets["Hour"]) for tweets in tables.values()]
    found = view.map_async(busiest, list(tables), times)
    return dict(zip(tables, found.get(), strict=True))
