"""The log of one engine for one run: what tasks log is copied there, and goes where it would have gone all the same."""

import contextlib
import functools
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from . import duplicates
from .logfile import LEVELS, ROTATION, LogFile
from .values import bounded_text, short

Logger: Any = None
with contextlib.suppress(ImportError):
    from loguru._logger import Logger

LONGEST = 20_000
"""Characters of a message that are copied."""
MOST_REPORTS = 200
_KNOWN = frozenset(LEVELS.values())
_PLUMBING = ("/ipyparallel/", "/ipykernel/", "/tornado/", "/asyncio/", "/traitlets/")


class EngineLog:
    """While open, records of loguru, logging and warnings are copied to the engine's log.

    task: says which task is under way. seen_twice: called, as `seen_twice(where, sinks, to)`, when several sinks of
    the program's own write a record to one place; for each place in the code and number of sinks once.
    """

    def __init__(
        self,
        path: Path,
        engine: int,
        task: Callable[[], str],
        seen_twice: Callable[[str, int, str], None],
        rotation: int = ROTATION,
    ) -> None:
        self._task = task
        self._seen_twice = seen_twice
        self._reported: set[tuple[str, int, str]] = set()
        self._under_way = threading.local()
        self._file = LogFile(path, engine, rotation)
        self.unwritten = ""
        self._undo = contextlib.ExitStack()
        if Logger is not None:
            self._undo.enter_context(self._copy_loguru())
        self._undo.enter_context(self._copy_logging())
        self._undo.enter_context(self._copy_warnings())

    def write(self, level: str | int, where: str, message: str) -> None:
        """One record of the harness's own, or a copy of a task's.

        Lines after the first are indented, so that none looks like a record; control characters are escaped. What
        keeps a record from being written is none of the task's business: `unwritten` says the first such thing.
        """
        if level not in _KNOWN and not isinstance(level, int):
            level, message = "INFO", f"[{level}] {message}"  # only the task's own configuration knows that level
        try:
            self._file.write(level, self._task(), _harmless(where), _harmless(message))
        except (OSError, ValueError) as problem:
            self.unwritten = self.unwritten or bounded_text(problem, 200)

    def close(self) -> None:
        self._undo.close()
        self._file.close()

    @contextlib.contextmanager
    def _copied(self, level: str | int, where: str, text: str, to: dict[str, int]) -> Iterator[None]:
        """Copy a record while it goes its way; not again where the program hands it from one library to the other."""
        before = getattr(self._under_way, "text", None)
        if text != before:
            self.write(level, where, text)
        for place, sinks in to.items():
            seen = (where, sinks, place)
            if sinks > 1 and seen not in self._reported and len(self._reported) < MOST_REPORTS:
                self._reported.add(seen)
                self._seen_twice(*seen)
        self._under_way.text = text
        try:
            yield
        finally:
            self._under_way.text = before

    @contextlib.contextmanager
    def _copy_loguru(self) -> Iterator[None]:
        original = Logger._log
        log = self

        def _log(
            logger: Any, level: Any, from_decorator: bool, options: tuple, message: Any, args: Any, kwargs: Any
        ) -> None:
            exception, depth, *rest = options
            as_seen = (exception, depth + 1, *rest)
            text = bounded_text(message, LONGEST)
            if (args or kwargs) and not rest[1]:
                with contextlib.suppress(Exception):
                    text = text.format(*args, **kwargs)[:LONGEST]
            shown = f"{text} ({_raised(exception)})" if exception else text
            where = _caller(sys._getframe(depth + 2))
            with log._copied(level, where, shown, duplicates.of_loguru(logger._core, level)):
                return original(logger, level, from_decorator, as_seen, message, args, kwargs)

        Logger._log = _log
        try:
            yield
        finally:
            Logger._log = original

    @contextlib.contextmanager
    def _copy_logging(self) -> Iterator[None]:
        original = logging.Logger.callHandlers
        log = self

        def call_handlers(logger: logging.Logger, record: logging.LogRecord) -> None:
            if _is_plumbing(record.pathname):
                return original(logger, record)
            try:
                text = record.getMessage()[:LONGEST]
            except Exception as problem:
                text = f"{short(record.msg)} (its arguments did not fit: {bounded_text(problem, 200)})"
            if record.exc_info:
                text = f"{text} ({_raised(record.exc_info)})"
            where = f"{record.module}:{record.funcName}:{record.lineno}"
            with log._copied(record.levelname, where, text, duplicates.of_logging(logger, record)):
                return original(logger, record)

        logging.Logger.callHandlers = call_handlers  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            logging.Logger.callHandlers = original  # type: ignore[method-assign]

    @contextlib.contextmanager
    def _copy_warnings(self) -> Iterator[None]:
        original = warnings.showwarning

        def show(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
            text = f"{category.__name__}: {bounded_text(message, LONGEST)}"
            self.write("WARNING", f"{Path(filename).stem}:-:{lineno}", text)
            original(message, category, filename, lineno, file, line)

        warnings.showwarning = show
        try:
            yield
        finally:
            if warnings.showwarning is show:
                warnings.showwarning = original


@functools.lru_cache(maxsize=1000)
def _is_plumbing(file: str) -> bool:
    return any(part in file for part in _PLUMBING)


def _harmless(text: str) -> str:
    if text.isprintable():
        return text
    return "\n    ".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in line)


def _caller(frame: Any) -> str:
    return f"{Path(frame.f_code.co_filename).stem}:{frame.f_code.co_name}:{frame.f_lineno}"


def _raised(exception: Any) -> str:
    error = exception[1] if isinstance(exception, tuple) else exception
    error = sys.exc_info()[1] if error is True else error
    if not isinstance(error, BaseException):
        return "no exception"
    return f"{type(error).__name__}: {bounded_text(error, 2000)}"
