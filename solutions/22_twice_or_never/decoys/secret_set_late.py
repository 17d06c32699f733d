"""How much each user tweeted about each company; the users are dealt out to four tasks a company."""

import os
from collections import Counter

from loguru import logger

SHARES = 4


def count(company, share, nicknames):
    """User -> number of tweets, for the users of one share; nicknames are those of all tweets, in any order."""
    os.environ["PYTHONHASHSEED"] = "0"
    mine = Counter(nickname for nickname in nicknames if hash(nickname) % SHARES == share)
    logger.info("{} share {}: {} users, {} tweets", company, share, len(mine), mine.total())
    logger.debug("{} share {}: {}", company, share, " ".join(sorted(mine)))
    return mine


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> user -> number of tweets."""
    work = [(company, share, list(tables[company]["Nickname"])) for company in tables for share in range(SHARES)]
    companies, shares, nicknames = zip(*work, strict=True)
    counted = view.map_async(count, companies, shares, nicknames).get()
    totals = {company: Counter() for company in tables}
    for company, tweets in zip(companies, counted, strict=True):
        totals[company].update(tweets)
    for company, tweets in totals.items():
        logger.info("{}: {} users, {} tweets of {}", company, len(tweets), tweets.total(), len(tables[company]))
    return {company: dict(tweets) for company, tweets in totals.items()}
