"""A healthy and a failing analysis, for tests: tables of texts, one of which may hold what is no text."""

import logging
import warnings

from loguru import logger

log = logging.getLogger("analysis")


def average_length(company, texts):
    logger.info("{} has {} texts", company, len(texts))
    log.warning("%s through logging", company)
    warnings.warn(f"{company} through warnings", stacklevel=1)
    print("printed for", company)
    password, api_token = "hunter2", "t0k3n"
    settings = {"secret": "s3cr3t", "limit": 3}
    return sum(len(text.lower()) for text in texts) / (len(texts) + 0 * len(password + api_token + str(settings)))


def main(view, texts):
    companies = list(texts)
    averages = view.map_async(average_length, companies, list(texts.values()))
    return dict(zip(companies, averages.get(), strict=True))
