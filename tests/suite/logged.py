"""Log records and sinks: closed, removed, failing, flooded; and ordinary logging."""

import io
import logging
import sys

from loguru import logger

TWEET = "Prime day at $AMZN again"


def sinks_removed():
    logger.remove()
    logger.info("who hears this?")
    return "removed"


def sink_added_and_removed():
    kept = io.StringIO()
    number = logger.add(kept, format="{message}")
    logger.info(TWEET)
    logger.remove(number)
    return kept.getvalue()


def sink_left():
    logger.add(io.StringIO())
    return "left"


def sink_raises():
    def sink(message):
        raise OSError("no space left")  # where: sink_raises

    number = logger.add(sink, catch=False)
    try:
        logger.info(TWEET)
    finally:
        logger.remove(number)


def sink_raises_and_is_caught():
    def sink(message):
        raise OSError("no space left")

    number = logger.add(sink)
    logger.info(TWEET)
    logger.remove(number)
    return "logged"


def handler_closed():
    file = io.StringIO()
    handler = logging.StreamHandler(file)
    log = logging.getLogger("tweets.closed")
    log.addHandler(handler)
    file.close()
    log.warning(TWEET)
    log.removeHandler(handler)
    return "logged"


def handler_left():
    logging.getLogger("tweets.left").addHandler(logging.StreamHandler(io.StringIO()))
    return "left"


def root_configured():
    logging.basicConfig(stream=io.StringIO(), level=logging.DEBUG, force=True)
    return "configured"


def all_disabled():
    logging.disable(logging.CRITICAL)
    logging.getLogger("tweets").error("who hears this?")
    return "disabled"


def disabled_for_a_while():
    logging.disable(logging.CRITICAL)
    logging.disable(logging.NOTSET)
    return "enabled"


def logging_shut_down():
    logging.shutdown()
    return "shut down"


def arguments_do_not_fit():
    logging.getLogger("tweets").warning("%s of %s rows", 3)
    return "logged"


def message_cannot_be_shown():
    class Tweet:
        def __str__(self):
            raise RuntimeError("not to be shown")

        __repr__ = __str__

    logging.getLogger("tweets").warning(Tweet())
    return "logged"


def loguru_message_cannot_be_shown():
    class Tweet:
        def __str__(self):
            raise RuntimeError("not to be shown")

        __repr__ = __str__

    logger.info("{}", Tweet())  # where: loguru_message_cannot_be_shown


def message_exits():
    class Tweet:
        def __str__(self):
            raise SystemExit(3)  # where: message_exits

    logging.getLogger("tweets").warning("%s", Tweet())
    return "logged"


def huge_record():
    logger.warning(TWEET * 100_000)
    return "logged"


def odd_records():
    logger.warning(
        "half a smile \ud83d \x1b[2J\r\n2026-01-01 00:00:00.000Z | engine 9 | task 9 | ERROR | a:b:1 | forged"
    )
    logging.getLogger("tweets").warning("nul \0 { } %s", "{x}")
    return "logged"


def own_level():
    logger.log(33, TWEET)
    return "logged"


def unknown_level():
    logger.log("LOUD", TWEET)  # where: unknown_level


def flood():
    for row in range(3_000):
        logger.debug("row {}: {}", row, TWEET)
    return "logged"


def exception_logged_and_handled():
    try:
        return {}["amzn"]
    except KeyError:
        logger.exception("no such company")
        logging.getLogger("tweets").exception("no such company")
    return "handled"


def core_cleared():
    logger._core.handlers = {}
    return "cleared"


def module_replaced():
    sys.modules["logging"] = None
    return "replaced"


def logs_and_ends():
    logger.info("{} rows", 3)
    logging.getLogger("tweets").warning("1 row without text")
    return "logged"
