"""How the talk about each company grows from day to day, one task a company."""

from loguru import logger


def per_day(company, tweets):
    """Day, such as "May 2" -> number of tweets, from the first day to the last."""
    days = {}
    for date in sorted(tweets["Date"]):
        day = f"{date:%b} {date.day}"
        days[day] = days.get(day, 0) + 1
    logger.info("{}: {} tweets on {} days: {}", company, len(tweets), len(days), ", ".join(days))
    return days


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> list of (day, number of tweets up to then)."""
    counted = {company: view.apply_async(per_day, company, tweets) for company, tweets in tables.items()}
    growth = {}
    for company, answer in counted.items():
        days = answer.get()
        days = dict(sorted(days.items(), key=lambda day: (day[0].split()[0], int(day[0].split()[1]))))
        growth[company], so_far = [], 0
        for day, tweets in days.items():
            so_far += tweets
            growth[company].append((day, so_far))
        logger.info("{}: {} tweets on {} days: {}", company, so_far, len(days), ", ".join(days))
    return growth
