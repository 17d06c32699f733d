"""The tweets of each company, in plain lower case, sent to the archive in batches of 20, one task a batch."""

from tempfile import TemporaryDirectory

from loguru import logger

from harness.course.archive import Archive

ROWS = 20


def batches(tweets):
    """The texts in batches of 20."""
    texts = list(tweets["Tweet content"])
    return [texts[start : start + ROWS] for start in range(0, len(texts), ROWS)]


def send(company, texts, folder):
    """Send one batch to the archive; returns how many rows it has confirmed."""
    rows = [[company, " ".join(text.lower().split())] for text in texts]
    logger.info("{}: sending {} rows, the first is {!r}", company, len(rows), rows[0][1])
    Archive(folder).append(rows)
    logger.info("{}: {} rows confirmed", company, len(rows))
    return len(rows)


def main(view, tables):
    """tables: company -> DataFrame of one tweet or more. Returns company -> number of its rows in the archive."""
    view.retries = 1  # the archive is busy at times: then another engine may try its luck
    work = [(company, batch) for company, tweets in tables.items() for batch in batches(tweets)]
    companies = [company for company, _ in work]
    with TemporaryDirectory() as folder:
        confirmed = view.map_async(send, companies, [batch for _, batch in work], [folder] * len(work)).get()
        logger.info("{} rows confirmed in all", sum(confirmed))
        archived = Archive(folder).rows()
    return {company: sum(row[0] == company for row in archived) for company in tables}
