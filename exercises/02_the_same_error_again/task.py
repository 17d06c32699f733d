"""The average price that tweets name, for every 25 tweets of a company: one task for each 25."""

import re

from loguru import logger

ROWS = 25
PRICE = re.compile(r"\$(\d+(?:,\d+)*(?:\.\d+)?)")  # $650, $1,050 or $48.50, but not $AMZN


def pieces(tweets):
    """The texts in pieces of 25, oldest first, so that the averages show how prices moved."""
    texts = list(tweets["Tweet content"])
    return [texts[start : start + ROWS] for start in range(0, len(texts), ROWS)]


def average_price(company, texts):
    """The average of all prices that these texts name."""
    prices = [float(price) for text in texts for price in PRICE.findall(text)]
    logger.info("{}: {} prices in {} tweets", company, len(prices), len(texts))
    return sum(prices) / len(prices)


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> average price of each piece, in order."""
    work = [(company, piece) for company, tweets in tables.items() for piece in pieces(tweets)]
    companies = [company for company, _ in work]
    averages = view.map_async(average_price, companies, [piece for _, piece in work]).get()
    found = {company: [] for company in tables}
    for company, average in zip(companies, averages, strict=True):
        found[company].append(average)
    return found
