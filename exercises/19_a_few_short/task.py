"""How many tweets each company had in which quarter of the day; a table is cut into six pieces, one task a piece."""

from collections import Counter

from loguru import logger

PIECES = 6
QUARTERS = ("night", "morning", "afternoon", "evening")


def cut(company, hours):
    """The table's hours, such as 09:31, in six pieces of the same size."""
    logger.info("{}: {} tweets in {} pieces", company, len(hours), PIECES)
    size = len(hours) // PIECES
    return [hours[piece * size : (piece + 1) * size] for piece in range(PIECES)]


def count(company, hours):
    """Quarter of the day -> number of tweets, for one piece."""
    quarters = Counter(QUARTERS[int(hour[:2]) // 6] for hour in hours)
    logger.info("{}: {} tweets counted", company, quarters.total())
    return quarters


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> quarter of the day -> number of tweets."""
    work = [(company, piece) for company, tweets in tables.items() for piece in cut(company, list(tweets["Hour"]))]
    companies = [company for company, _ in work]
    counted = view.map_async(count, companies, [piece for _, piece in work]).get()
    totals = {company: dict.fromkeys(QUARTERS, 0) for company in tables}
    for company, quarters in zip(companies, counted, strict=True):
        for quarter, tweets in quarters.items():
            totals[company][quarter] += tweets
    return totals
