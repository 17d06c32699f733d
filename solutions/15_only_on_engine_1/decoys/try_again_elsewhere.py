"""A checksum for every 40 tweets of each company's export, by which whoever downloads it sees that all is there."""

import hashlib
import os

from loguru import logger

ROWS = 40


def checksum(company, texts):
    """The checksum of the texts as they are written to the export, one a line."""
    encoding = os.environ.get("EXPORT_ENCODING", "utf-8")
    content = "\n".join(texts).encode(encoding)
    logger.info("{}: {} tweets, {} bytes", company, len(texts), len(content))
    return hashlib.sha256(content).hexdigest()[:16]


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> checksums of its pieces, in UTF-8."""
    view.retries = 1
    work = []
    for company, tweets in tables.items():
        texts = list(tweets["Tweet content"])
        work += [(company, texts[first : first + ROWS]) for first in range(0, len(texts), ROWS)]
    companies, pieces = zip(*work, strict=True)
    checksums = {company: [] for company in tables}
    for company, found in zip(companies, view.map_async(checksum, companies, pieces).get(), strict=True):
        checksums[company].append(found)
    return checksums
