"""How much of the talk about each company falls into office hours, one task a company."""

import ipyparallel as ipp
from loguru import logger

OFFICE = range(9, 17)


def hour_of(time):
    """The hour of a time of day, such as 9 for "09:23"."""
    hour, _ = time.split(":")
    return int(hour)


def office_share(company, times):
    """The share of tweets that were sent from 9 to 5; raises if it can't be said for all of them."""
    logger.info("{}: {} tweets", company, len(times))
    hours = [hour_of(time) for time in times]
    return sum(hour in OFFICE for hour in hours) / len(hours)


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> share, None where it can't be said."""
    times = {company: list(tweets["Hour"]) for company, tweets in tables.items()}
    sent = {company: view.apply_async(office_share, company, times[company]) for company in tables}
    shares = {}
    while len(shares) < len(sent):
        for company, answer in sent.items():
            try:
                shares[company] = answer.get()
            except ipp.error.RemoteError as problem:
                logger.warning("{}: {}, once more", company, problem)
                sent[company] = view.apply_async(office_share, company, times[company])
    return shares
