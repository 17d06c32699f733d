"""The log of one engine for one run: a loguru sink of its own, fed with what tasks log; theirs stay untouched."""

import contextlib
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import loguru
from loguru._logger import Core, Logger

FORMAT = (
    "{time:YYYY-MM-DD HH:mm:ss.SSS!UTC}Z | engine {extra[_engine]} | task {extra[_task]} | {level} | "
    "{extra[_where]} | {message}"
)
ROTATION = "20 MB"
KEPT = 5
_PLUMBING = ("/ipyparallel/", "/ipykernel/", "/tornado/", "/asyncio/", "/traitlets/")


class EngineLog:
    """One line a record: `2026-03-01 09:31:07.123Z | engine 1 | task 3 amzn | INFO | lemmas:count:41 | message`.

    The sink hangs on a loguru core of its own, so a task's `logger.remove()`, levels and sinks neither change it
    nor see it. While open, records of loguru, logging and warnings are copied here and then go where they would go.
    """

    def __init__(self, path: Path, engine: int, task: Callable[[], str]) -> None:
        self._engine = engine
        self._task = task
        self._core = Core()
        self._logger = Logger(self._core, None, 0, False, False, False, False, True, [], {})
        self._handler = self._logger.add(
            path, format=FORMAT, level=0, rotation=ROTATION, retention=KEPT, backtrace=False, diagnose=False, catch=True
        )
        self._undo = contextlib.ExitStack()
        self._undo.enter_context(self._copy_loguru())
        self._undo.enter_context(self._copy_logging())
        self._undo.enter_context(self._copy_warnings())

    def write(self, level: str | int, where: str, message: str) -> None:
        """One record of the harness's own, or a copy of a task's.

        Lines after the first are indented, so that none looks like a record; control characters are escaped.
        """
        bound = self._logger.bind(_engine=self._engine, _task=self._task(), _where=_harmless(where))
        try:
            bound.log(level, "{}", _harmless(message))
        except ValueError:
            bound.log("INFO", "{}", _harmless(f"[{level}] {message}"))

    def close(self) -> None:
        self._undo.close()
        self._logger.remove(self._handler)

    @contextlib.contextmanager
    def _copy_loguru(self) -> Iterator[None]:
        original = Logger._log
        log = self

        def _log(
            logger: Any, level: Any, from_decorator: bool, options: tuple, message: Any, args: Any, kwargs: Any
        ) -> None:
            exception, depth, *rest = options
            if logger._core is log._core:
                return original(logger, level, from_decorator, (exception, depth + 1, *rest), message, args, kwargs)
            text = str(message)
            if (args or kwargs) and not rest[1]:
                with contextlib.suppress(Exception):
                    text = text.format(*args, **kwargs)
            if exception:
                text = f"{text} ({_raised(exception)})"
            log.write(level, _caller(sys._getframe(depth + 2)), text)
            return original(logger, level, from_decorator, (exception, depth + 1, *rest), message, args, kwargs)

        Logger._log = _log  # type: ignore[method-assign]
        try:
            yield
        finally:
            Logger._log = original  # type: ignore[method-assign]

    @contextlib.contextmanager
    def _copy_logging(self) -> Iterator[None]:
        original = logging.Logger.callHandlers
        log = self

        def call_handlers(logger: logging.Logger, record: logging.LogRecord) -> None:
            if not any(part in record.pathname for part in _PLUMBING):
                try:
                    text = record.getMessage()
                except Exception as problem:
                    text = f"{record.msg!r} (its arguments did not fit: {problem})"
                if record.exc_info:
                    text = f"{text} ({_raised(record.exc_info)})"
                log.write(record.levelname, f"{record.module}:{record.funcName}:{record.lineno}", text)
            original(logger, record)

        logging.Logger.callHandlers = call_handlers  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            logging.Logger.callHandlers = original  # type: ignore[method-assign]

    @contextlib.contextmanager
    def _copy_warnings(self) -> Iterator[None]:
        original = warnings.showwarning

        def show(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
            self.write("WARNING", f"{Path(filename).stem}:-:{lineno}", f"{category.__name__}: {message}")
            original(message, category, filename, lineno, file, line)

        warnings.showwarning = show
        try:
            yield
        finally:
            if warnings.showwarning is show:
                warnings.showwarning = original


def _harmless(text: str) -> str:
    return "\n    ".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in line)


def _caller(frame: Any) -> str:
    return f"{Path(frame.f_code.co_filename).stem}:{frame.f_code.co_name}:{frame.f_lineno}"


def _raised(exception: Any) -> str:
    error = exception[1] if isinstance(exception, tuple) else exception
    error = sys.exc_info()[1] if error is True else error
    return f"{type(error).__name__}: {error}" if isinstance(error, BaseException) else "no exception"


assert hasattr(loguru.logger, "_log"), "loguru's Logger._log is what the copy hangs on; the pinned version has it"
