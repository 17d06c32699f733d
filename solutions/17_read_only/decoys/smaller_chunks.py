"""How often the tweets of each company are retweeted on average, with the few that went viral held down to a cap."""

import numpy as np
from loguru import logger

CAPPED = 95


def capped_mean(company, retweets):
    """The average of the retweets, after those above the 95th percentile were set to it."""
    cap = np.percentile(retweets, CAPPED)
    logger.info("{}: {} tweets, capped at {:.1f} retweets", company, len(retweets), cap)
    retweets[retweets > cap] = cap
    return float(retweets.mean())


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> capped average of retweets."""
    means = {}
    for company, tweets in tables.items():
        halves = np.array_split(tweets["RTs"].to_numpy(dtype=float), min(2, len(tweets)))
        means[company] = view.map_async(capped_mean, [company] * len(halves), halves)
    return {company: sum(found.get()) / len(found) for company, found in means.items()}
