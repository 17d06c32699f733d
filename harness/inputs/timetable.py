"""When tweets are made: eleven weeks with a daily and weekly rhythm, and a burst around the quarterly figures."""

from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

FIRST_DAY = date(2016, 3, 28)
DAYS = 80
# Tweets by hour of the day, New York time: asleep at four, the market's opening, lunch, its close, the evening.
USUAL_HOURS = [18, 12, 8, 6, 5, 7, 14, 28, 46, 68, 66, 58, 56, 54, 54, 62, 66, 50, 44, 46, 50, 48, 38, 26]
# Figures come out just after the close at four in the afternoon.
EARNINGS_HOURS = [10, 7, 5, 4, 4, 6, 10, 20, 30, 40, 36, 34, 34, 36, 44, 80, 420, 300, 190, 120, 90, 70, 50, 30]
WEEKDAY, WEEKEND = 100, 55
BURST = {0: 7, 1: 4, 2: 2}  # times the usual, by days since the figures
SNOWFLAKE_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000)  # tweet ids count milliseconds from here


def moments(rows: int, earnings: date, random: Random) -> list[datetime]:
    """`rows` times, sorted, to the millisecond."""
    days = [FIRST_DAY + timedelta(days=day) for day in range(DAYS)]
    weights = [(WEEKEND if day.weekday() >= 5 else WEEKDAY) * BURST.get((day - earnings).days, 1) for day in days]
    usual, busy = list(accumulate(USUAL_HOURS)), list(accumulate(EARNINGS_HOURS))
    hours = range(24)
    drawn = []
    for day in random.choices(days, cum_weights=list(accumulate(weights)), k=rows):
        hour = random.choices(hours, cum_weights=busy if day == earnings else usual)[0]
        milliseconds = int(random.random() * 3_600_000)
        drawn.append(datetime(day.year, day.month, day.day, hour) + timedelta(milliseconds=milliseconds))
    return sorted(drawn)


def in_burst(moment: datetime, earnings: date) -> bool:
    """Whether the talk is of the figures: from the close of that day to the end of the next."""
    since = moment - datetime(earnings.year, earnings.month, earnings.day, 16)
    return timedelta(0) <= since < timedelta(hours=32)


def tweet_ids(times: list[datetime], random: Random) -> list[int]:
    """An id for each time, in the form Twitter gives them: milliseconds, then 22 bits. Distinct, and sorted."""
    ids: list[int] = []
    for time in times:
        drawn = (time - SNOWFLAKE_EPOCH) // timedelta(milliseconds=1) << 22 | int(random.random() * 2**22)
        ids.append(max(drawn, ids[-1] + 1) if ids else drawn)
    return ids
