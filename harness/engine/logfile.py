"""The file of one engine's log, rotating at a limit: loguru's file where loguru is there, else a plain one."""

import contextlib
import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

FileSink: Any = None
with contextlib.suppress(ImportError):
    from loguru._file_sink import FileSink

ROTATION = 20_000_000
"""Bytes at which a file is put aside and a new one begun."""
KEPT = 5
"""Files put aside that are kept; the oldest goes first."""
_ERRORS = "backslashreplace"
LEVELS = {5: "TRACE", 10: "DEBUG", 20: "INFO", 25: "SUCCESS", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}


class LogFile:
    """One line a record: `2026-03-01 09:31:07.123Z | engine 1 | task 3 amzn | INFO | lemmas:count:41 | message`.

    Lines are put together here, as a whole loguru record would cost a tiny task more than all else that is written
    about it. What was put aside carries its time in the name: `engine-0.<time>.log`. A task may close the file: then
    it is opened again.
    """

    def __init__(self, path: Path, engine: int, rotation: int = ROTATION) -> None:
        self._path = path
        self._engine = engine
        self._rotation = rotation
        self._lock, self._process = threading.RLock(), os.getpid()  # several threads of a task may log
        self._second, self._stamp = 0, ""
        self._open()

    def _open(self) -> None:
        kind = PlainFile if FileSink is None else FileSink
        self._sink: Sink = kind(self._path, rotation=lambda line, file: True, retention=KEPT, errors=_ERRORS)
        self._of_sink()

    def _of_sink(self) -> None:
        self._descriptor = self._sink._file.fileno()
        self._size = os.fstat(self._descriptor).st_size

    def write(self, level: str | int, task: str, where: str, message: str) -> None:
        """Append one record. Raises OSError or ValueError if that can't be done even with the file opened again."""
        name = LEVELS.get(level, f"Level {level}") if isinstance(level, int) else level
        if os.getpid() != self._process:  # a task forked, perhaps while another of its threads was here
            self._lock, self._process = threading.RLock(), os.getpid()
        with self._lock:
            line = f"{self._now()}Z | engine {self._engine} | task {task} | {name} | {where} | {message}\n"
            try:
                self._append(line)
            except (OSError, ValueError):
                self._open()
                self._append(line)

    def _append(self, line: str) -> None:
        """By the system's own call: a text file's `write` leads to it past half a dozen objects more."""
        written = line.encode("utf-8", _ERRORS)
        if not self._size or self._size + len(written) <= self._rotation:
            os.write(self._descriptor, written)
            self._size += len(written)
        else:
            self._sink.write(line)
            self._of_sink()

    def _now(self) -> str:
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second = second
            self._stamp = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%S")
        return f"{self._stamp}.{int((now - second) * 1000):03}"

    def close(self) -> None:
        """No more will come."""
        with contextlib.suppress(OSError, ValueError):
            self._sink.stop()


class Sink(Protocol):
    """What asks `rotation(line, file)` before each line whether its file is to be put aside."""

    _file: Any

    def write(self, message: str) -> None: ...

    def stop(self) -> None: ...


class PlainFile:
    """What loguru's file does, without loguru."""

    def __init__(self, path: Path, rotation: Any, retention: int, errors: str) -> None:
        self._path, self._rotation, self._retention, self._errors = path, rotation, retention, errors
        self._open()

    def _open(self) -> None:
        self._file = self._path.open("a", encoding="utf-8", errors=self._errors, buffering=1)

    def write(self, message: str) -> None:
        if self._rotation(message, self._file):
            self._put_aside()
        self._file.write(message)

    def _put_aside(self) -> None:
        self._file.close()
        stamp = datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%d_%H-%M-%S_%f")
        os.replace(self._path, self._path.with_name(f"{self._path.stem}.{stamp}{self._path.suffix}"))
        aside = sorted(self._path.parent.glob(f"{self._path.stem}.*{self._path.suffix}"))
        for old in aside[: -self._retention]:
            old.unlink()
        self._open()

    def stop(self) -> None:
        self._file.close()
