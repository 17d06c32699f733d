"""How many different tweets each company has, and the log of the count, which goes to the report's readers."""

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger


@contextmanager
def logged_to(log):
    """While open, what is logged is written to a file, without times."""
    sink = logger.add(log, format="{level}: {message}")
    try:
        yield
    finally:
        logger.remove(sink)


def count_different(company, tweets):
    """How many different texts the company's tweets have; says so if some of them came more than once."""
    different = tweets["Tweet content"].drop_duplicates()
    logger.info("{}: {} tweets", company, len(tweets))
    if len(different) < len(tweets):
        logger.warning("{}: {} left out, as their text had been there", company, len(tweets) - len(different))
    return len(different)


def main(view, tables):
    """tables: company -> DataFrame of its tweets. Returns the number of different tweets by company, and the log."""
    with TemporaryDirectory() as folder:
        log = Path(folder) / "report.log"
        with logged_to(log):
            logger.info("companies: {}", ", ".join(tables))
            counted = view.map_async(count_different, list(tables), list(tables.values())).get()
            logger.info("in all: {} different tweets", sum(counted))
        lines = sorted(log.read_text().splitlines())
    return {"different": dict(zip(tables, counted, strict=True)), "log": lines}
