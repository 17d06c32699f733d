"""How many tweets of each company mention each keyword, whether in upper or in lower case."""

import ctypes

from loguru import logger

KEYWORDS = ("earnings", "cloud", "one", "stock")

# The C library's own search: no copy of each tweet in lower case, and no Python for each character.
strcasestr = ctypes.CDLL(None).strcasestr
strcasestr.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
strcasestr.restype = ctypes.c_char_p


def encoded(text):
    """The text in the bytes that C works on."""
    return str(text).encode()


def mentions(text, keyword):
    """Whether the keyword is in the text; strcasestr returns None if it is not."""
    return strcasestr(text, keyword.encode()) is not None


def count_mentions(company, tweets):
    """Keyword -> number of the company's tweets that mention it."""
    logger.info("{} has {} tweets", company, len(tweets))
    texts = [encoded(text) for text in tweets["Tweet content"]]
    counts = {keyword: sum(mentions(text, keyword) for text in texts) for keyword in KEYWORDS}
    logger.info("{}: {}", company, counts)
    return counts


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> keyword -> number of tweets."""
    companies = list(tables)
    counts = view.map_async(count_mentions, companies, [tables[company] for company in companies])
    return dict(zip(companies, counts.get(), strict=True))
