"""The share of each company's tweets that are plain text: nothing but words, hashtags, cashtags and mentions."""

import re

from loguru import logger

# A mention; or a word, with or without # or $, that may have hyphens and apostrophes, as in don't, Q3-call or #AWS-re
WORD = re.compile(r"@\w+|[#$]?(?:\w+[-']?)+", re.ASCII)


def odd_words(text):
    """How many words of the tweet are none: links, emoji, words with punctuation behind them."""
    odd = 0
    for word in text.split():
        if len(word) > 30 or not WORD.fullmatch(word):
            odd += 1
    return odd


def plain_share(company, tweets):
    """The share of tweets that are plain, from 0 to 1; None if the company has none."""
    logger.info("{} has {} tweets", company, len(tweets))
    plain = [odd_words(text) == 0 for text in tweets["Tweet content"]]
    if not plain:
        return None
    logger.info("{}: {} of them are plain", company, sum(plain))
    return sum(plain) / len(plain)


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> share of plain tweets."""
    companies = list(tables)
    shares = view.map_async(plain_share, companies, [tables[company] for company in companies])
    return dict(zip(companies, shares.get(), strict=True))
