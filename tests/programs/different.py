"""A task that tells how the engine it runs on looks to it; `main` asks every engine."""

import logging
import os
import time

from loguru import logger


def look(path):
    """What the engine sees, and the memory it refuses: names, text and seconds."""
    sink = logger.add(path, mode="w", format="{time:X}")
    logger.info("a line")
    logger.remove(sink)
    with open(path) as file:
        logged_at = float(file.read())
    with open("left-here", "w") as file:
        file.write("x")
    try:
        bytearray(900_000_000)
        refused = False
    except MemoryError:
        refused = True
    return {
        "pid": os.getpid(),
        "variable": os.environ.get("SANDBOX_TEST"),
        "cwd": os.getcwd(),
        "time": time.time(),
        "logged": logged_at,
        "record": logging.makeLogRecord({}).created,
        "refused": refused,
    }


def main(view, folder):
    return {
        engine: view.client[engine].apply_async(look, os.path.join(folder, f"{engine}.log")).get()
        for engine in view.client.ids
    }
