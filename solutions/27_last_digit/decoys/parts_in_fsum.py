"""How much each company is talked about at which time; the work is shared in pieces of 20 tweets, one task a piece."""

import math

from loguru import logger

ROWS = 20
TIMES = ("night", "morning", "afternoon", "evening")


def buzz(company, hours, retweets):
    """Time of day -> buzz. A tweet counts 1, and more for its retweets, but a thousand not a thousand times."""
    found = dict.fromkeys(TIMES, 0.0)
    for hour, count in zip(hours, retweets, strict=True):
        found[TIMES[int(hour[:2]) // 6]] += 1 + math.log1p(count)
    logger.info("{}: {} tweets, {}", company, len(hours), found)
    return company, found


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> time of day -> buzz of its tweets."""
    work = []
    for company, tweets in tables.items():
        for start in range(0, len(tweets), ROWS):
            piece = tweets.iloc[start : start + ROWS]
            work.append((company, list(piece["Hour"]), list(piece["RTs"])))
    total = {company: {time: [] for time in TIMES} for company in tables}
    for company, found in view.map_async(buzz, *zip(*work, strict=True), ordered=False):
        for time, part in found.items():
            total[company][time].append(part)
    return {company: {time: math.fsum(parts) for time, parts in found.items()} for company, found in total.items()}
