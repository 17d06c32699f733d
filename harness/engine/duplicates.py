"""To how many sinks of one destination the program's own logging will write a record: more than one doubles a line.

Sinks that have filters are left out: whether they take a record is not known without asking them.
"""

import logging
from collections import Counter
from typing import Any


def of_logging(logger: logging.Logger, record: logging.LogRecord) -> dict[str, int]:
    """Number of handlers by destination, of those that will emit the record, as `Logger.callHandlers` finds them."""
    found: Counter[str] = Counter()
    current: logging.Logger | None = logger
    while current is not None:
        for handler in current.handlers:
            if record.levelno >= handler.level and not handler.filters:
                found[_of_handler(handler)] += 1
        current = current.parent if current.propagate else None
    return found


def of_loguru(core: Any, level: Any) -> dict[str, int]:
    """Number of loguru's sinks by destination that take records of this level: a name, a number, or None for any."""
    number = level if isinstance(level, int) else getattr(core.levels.get(level), "no", None)
    found: Counter[str] = Counter()
    for handler in core.handlers.values():
        if (number is None or number >= handler.levelno) and handler._filter is None:
            found[_of_sink(handler)] += 1
    return found


def _of_handler(handler: logging.Handler) -> str:
    file = getattr(handler, "baseFilename", None)
    stream = getattr(handler, "stream", None)
    return (
        str(file) if file else _of_stream(stream) if stream is not None else f"{type(handler).__name__} {id(handler)}"
    )


def _of_sink(handler: Any) -> str:
    sink = handler._sink
    if (stream := getattr(sink, "_stream", None)) is not None:
        return _of_stream(stream)
    return str(getattr(sink, "_path", None) or f"{handler._name} {id(getattr(sink, '_function', sink))}")


def _of_stream(stream: Any) -> str:
    name = getattr(stream, "name", "")
    return f"{name if isinstance(name, str) and name else type(stream).__name__} {id(stream)}"
