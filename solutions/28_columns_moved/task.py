"""How the talk about each company grows from day to day, one task a company."""

from loguru import logger


def per_day(company, tweets):
    """Days, such as "May 2", with their number of tweets, from the first day to the last."""
    days = {}
    for date in sorted(tweets["Date"]):
        day = f"{date:%b} {date.day}"
        days[day] = days.get(day, 0) + 1
    logger.info("{}: {} tweets on {} days: {}", company, len(tweets), len(days), ", ".join(days))
    return list(days.items())


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> list of (day, number of tweets up to then)."""
    counted = {company: view.apply_async(per_day, company, tweets) for company, tweets in tables.items()}
    growth = {}
    for company, answer in counted.items():
        days = answer.get()
        growth[company], so_far = [], 0
        for day, tweets in days:
            so_far += tweets
            growth[company].append((day, so_far))
        logger.info("{}: {} tweets on {} days: {}", company, so_far, len(days), ", ".join(day for day, _ in days))
    return growth
