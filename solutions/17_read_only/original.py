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
    companies = list(tables)
    retweets = [tables[company]["RTs"].to_numpy(dtype=float) for company in companies]
    means = view.map_async(capped_mean, companies, retweets)
    return dict(zip(companies, means.get(), strict=True))
