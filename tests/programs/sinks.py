"""A task that takes loguru over: removes all sinks, adds its own, and counts them."""

from loguru import logger


def configure(path):
    before = len(logger._core.handlers)
    logger.remove()
    logger.info("first")
    sink = logger.add(path, format="{message} {file}:{function}:{line}", level="DEBUG")
    logger.debug("second")
    assert sink in logger._core.handlers
    return before


def main(view, path):
    return view.client[0].apply_sync(configure, path)
