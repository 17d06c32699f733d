"""The file of one engine's log, rotating at a limit: a loguru sink of its own where loguru is there, else plain."""

import contextlib
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

Core: Any = None
Logger: Any = None
with contextlib.suppress(ImportError):
    from loguru._logger import Core, Logger

ROTATION = 20_000_000
"""Bytes at which a file is put aside and a new one begun."""
KEPT = 5
"""Files put aside that are kept; the oldest goes first."""
_LEVELS = {5: "TRACE", 10: "DEBUG", 20: "INFO", 25: "SUCCESS", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}
_FORMAT = (
    "{time:YYYY-MM-DD HH:mm:ss.SSS!UTC}Z | engine {extra[_engine]} | task {extra[_task]} | {level} | "
    "{extra[_where]} | {message}"
)


class LogFile(Protocol):
    """One line a record: `2026-03-01 09:31:07.123Z | engine 1 | task 3 amzn | INFO | lemmas:count:41 | message`."""

    core: Any

    def write(self, level: str | int, task: str, where: str, message: str) -> None:
        """Append one record."""

    def close(self) -> None:
        """No more will come."""


def log_file(path: Path, engine: int, rotation: int = ROTATION) -> LogFile:
    """The log of this engine. What was put aside carries its time in the name: `engine-0.<time>.log`."""
    return PlainFile(path, engine, rotation) if Logger is None else LoguruFile(path, engine, rotation)


class LoguruFile:
    """A sink on a loguru core of its own: a task's `logger.remove()`, levels and sinks neither change nor see it."""

    def __init__(self, path: Path, engine: int, rotation: int) -> None:
        self.core: Any = Core()
        self._engine = engine
        self._logger = Logger(self.core, None, 0, False, False, False, False, True, [], {})
        keywords: dict[str, Any] = {"rotation": rotation, "retention": KEPT}
        self._handler = self._logger.add(
            path, format=_FORMAT, level=0, backtrace=False, diagnose=False, catch=True, **keywords
        )

    def write(self, level: str | int, task: str, where: str, message: str) -> None:
        bound = self._logger.bind(_engine=self._engine, _task=task, _where=where)
        try:
            bound.log(level, "{}", message)
        except (ValueError, TypeError):  # a level that only the task's own configuration knows
            bound.log("INFO", "{}", f"[{level}] {message}")

    def close(self) -> None:
        self._logger.remove(self._handler)


class PlainFile:
    """The same lines, without loguru."""

    core: Any = None

    def __init__(self, path: Path, engine: int, rotation: int) -> None:
        self._path, self._engine, self._rotation = path, engine, rotation
        self._open()

    def _open(self) -> None:
        self._file = self._path.open("a", encoding="utf-8", errors="backslashreplace", buffering=1)

    def write(self, level: str | int, task: str, where: str, message: str) -> None:
        now = time.time()
        moment = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        name = _LEVELS.get(level, f"Level {level}") if isinstance(level, int) else level
        self._file.write(f"{moment}Z | engine {self._engine} | task {task} | {name} | {where} | {message}\n")
        if self._file.tell() >= self._rotation:
            self._put_aside(now)

    def _put_aside(self, now: float) -> None:
        self._file.close()
        stamp = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d_%H-%M-%S_%f")
        os.replace(self._path, self._path.with_name(f"{self._path.stem}.{stamp}{self._path.suffix}"))
        aside = sorted(self._path.parent.glob(f"{self._path.stem}.*{self._path.suffix}"))
        for old in aside[:-KEPT]:
            old.unlink()
        self._open()

    def close(self) -> None:
        self._file.close()
