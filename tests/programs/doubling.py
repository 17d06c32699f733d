"""Tasks that configure logging, well and badly, for tests; `main(view, how, file)` runs the one named three times."""

import logging
import sys

from loguru import logger

log = logging.getLogger("doubling")


def handler_per_task(file):
    log.addHandler(logging.FileHandler(file))
    log.warning("once")


def sink_per_task(file):
    logger.add(file)
    logger.warning("once")


def propagated(file):
    log.handlers = [logging.StreamHandler(sys.stderr)]
    logging.getLogger().handlers = [logging.StreamHandler(sys.stderr)]
    log.warning("once")


def two_places(file):
    log.handlers = [logging.StreamHandler(sys.stderr), logging.FileHandler(file)]
    log.propagate = False
    log.warning("once")


def by_level(file):
    logger.remove()
    logger.add(sys.stderr, level="ERROR")
    logger.add(sys.stderr, level="INFO", filter=lambda record: record["level"].name != "ERROR")
    logger.warning("once")


class ToLoguru(logging.Handler):
    def emit(self, record):
        logger.opt(depth=6, exception=record.exc_info).log(record.levelname, record.getMessage())


def handed_on(file):
    log.handlers, log.propagate = [ToLoguru()], False
    log.warning("once")


class ToLogging(logging.Handler):
    def emit(self, record):
        logging.getLogger(record.name).handle(record)


def handed_back(file):
    logger.remove()
    logger.add(ToLogging(), format="{message}")
    logger.warning("once")


def main(view, how, file):
    log.setLevel("DEBUG")
    for _ in range(3):
        view.client[0].apply_sync(globals()[how], file)
