"""Task 1, statistics: how many tweets, how long, from when to when, how often retweeted, how many in each hour."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from harness.analysis.tweets import TEXT


@dataclass(frozen=True)
class Statistics:
    """Counts and totals, all exact, so that the statistics of two tables add up to those of both together."""

    tweets: int = 0
    with_text: int = 0
    characters: int = 0
    with_retweets: int = 0
    retweets: int = 0
    first: datetime | None = None
    last: datetime | None = None
    by_hour: Counter[datetime] = field(default_factory=Counter)

    @property
    def average_length(self) -> float | None:
        """Characters a tweet, over the tweets that have a text; None if none has."""
        return self.characters / self.with_text if self.with_text else None

    @property
    def average_retweets(self) -> float | None:
        """Retweets a tweet, over the tweets whose retweets are known; None if none are."""
        return self.retweets / self.with_retweets if self.with_retweets else None

    @property
    def by_time_of_day(self) -> list[int]:
        """Tweets in each of the 24 hours of the day, all days together."""
        counts = [0] * 24
        for hour, tweets in self.by_hour.items():
            counts[hour.hour] += tweets
        return counts

    def __add__(self, other: "Statistics") -> "Statistics":
        return Statistics(
            tweets=self.tweets + other.tweets,
            with_text=self.with_text + other.with_text,
            characters=self.characters + other.characters,
            with_retweets=self.with_retweets + other.with_retweets,
            retweets=self.retweets + other.retweets,
            first=min(filter(None, (self.first, other.first)), default=None),
            last=max(filter(None, (self.last, other.last)), default=None),
            by_hour=self.by_hour + other.by_hour,
        )


def describe(tweets: pd.DataFrame) -> Statistics:
    """The statistics of a table of tweets as `tweets.load` reads it."""
    texts = tweets[TEXT].dropna()
    retweets = tweets["RTs"].dropna()
    times = (tweets["Date"] + pd.to_timedelta(tweets["Hour"] + ":00")).dropna()
    return Statistics(
        tweets=len(tweets),
        with_text=len(texts),
        characters=int(texts.str.len().sum()),
        with_retweets=len(retweets),
        retweets=int(retweets.sum()),
        first=times.min().to_pydatetime() if len(times) else None,
        last=times.max().to_pydatetime() if len(times) else None,
        by_hour=Counter({hour.to_pydatetime(): int(n) for hour, n in times.dt.floor("h").value_counts().items()}),
    )
