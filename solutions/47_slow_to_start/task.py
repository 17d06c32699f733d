"""How many different texts each company's tweets have, by their fingerprints; the work is shared in pieces."""

import hashlib

from loguru import logger

ROWS = 80
SALT = b"four companies"


def fingerprint(text):
    """The same for the same text. Slow and salted, so that nobody gets the text back by trying."""
    return hashlib.pbkdf2_hmac("sha256", text.encode(), SALT, 400, 8)


def fingerprints(company, start, texts):
    """Those of one piece of a company's tweets."""
    found = {fingerprint(text) for text in texts}
    logger.info("{}: {} tweets from row {}, {} different", company, len(texts), start, len(found))
    return found


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns company -> how many different texts they have."""
    work = [(company, start) for company, tweets in tables.items() for start in range(0, len(tweets), ROWS)]
    companies, starts = [company for company, _ in work], [start for _, start in work]
    pieces = [list(tables[company]["Tweet content"][start : start + ROWS]) for company, start in work]
    parts = view.map_async(fingerprints, companies, starts, pieces).get()
    found = {company: set() for company in tables}
    for company, part in zip(companies, parts, strict=True):
        found[company] |= part
    return {company: len(different) for company, different in found.items()}
