"""How loud each company's tweets are: the share of their letters that are capitals."""

from loguru import logger


def letters(text):
    """How many letters a tweet has, and how many of them are capitals."""
    return sum(character.isalpha() for character in text), sum(character.isupper() for character in text)


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> share of capitals."""
    texts = [text for tweets in tables.values() for text in tweets["Tweet content"]]
    logger.info("{} tweets to look at", len(texts))
    counted = iter(view.map_async(letters, texts).get())
    shares = {}
    for company, tweets in tables.items():
        mine = [next(counted) for _ in range(len(tweets))]
        shares[company] = sum(loud for _, loud in mine) / max(1, sum(total for total, _ in mine))
    return shares
