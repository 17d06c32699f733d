"""The event file of one engine incarnation: one JSON object a line, on disk before the engine answers."""

import contextlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from time import time as true_time  # what tasks read may be shifted
from typing import Any

from .values import json_bytes

msgspec: Any = None
with contextlib.suppress(ImportError):
    import msgspec


def _encoder() -> Callable[[Any], bytes]:
    """JSON of a value: by msgspec where it is installed, in a tenth of the time, but for what it does not take."""
    plainly = json.JSONEncoder(default=str, ensure_ascii=False).encode

    def by_json(value: Any) -> bytes:
        return json_bytes(plainly(value))

    if msgspec is None:
        return by_json
    quickly = msgspec.json.Encoder(enc_hook=str).encode

    def by_msgspec(value: Any) -> bytes:
        try:
            return quickly(value)
        except (TypeError, ValueError):  # keys that are no text, lone surrogates
            return by_json(value)

    return by_msgspec


_encode = _encoder()


class EventFile:
    """Appends events; each gets an id such as `e1-7`, the seventh event of engine 1.

    A replacement of an engine carries a letter more: `e1b-1` is the first event of engine 1's second process.
    A task may close the descriptor or remove the file: then it is opened again, and a task's own file left alone.
    """

    def __init__(self, path: Path, prefix: str) -> None:
        self._path = path
        self._prefix = prefix
        self._count = 0
        self._open()

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        self._identity = _identity(self._descriptor)

    @staticmethod
    def now() -> float:
        """Seconds since the epoch, by the clock that events go by."""
        return true_time()

    def write(self, kind: str, task: int | None = None, **data: Any) -> str:
        """Append one event and return its id. A write that fails raises OSError: evidence is not dropped silently."""
        self._count += 1
        name = f"{self._prefix}-{self._count}"
        event = {"id": name, "kind": kind, "time": true_time(), "task": task, "data": data}
        line = _encode(event) + b"\n"
        if _identity(self._descriptor) != self._identity:
            old, written = self._descriptor, _of_removed(self._descriptor)
            self._open()
            os.write(self._descriptor, written)
            if written:  # else the number is a task's own file by now
                os.close(old)
        os.write(self._descriptor, line)
        return name

    def close(self) -> None:
        if _identity(self._descriptor) == self._identity:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)


def _of_removed(descriptor: int) -> bytes:
    """What was in the events' file, if it was removed and the descriptor still leads to it."""
    try:
        found = os.fstat(descriptor)
        if found.st_nlink or not stat.S_ISREG(found.st_mode):
            return b""
        content = os.pread(descriptor, found.st_size, 0)
    except OSError:
        return b""
    return content if content.startswith(b'{"id"') else b""


def _identity(descriptor: int) -> tuple[int, ...] | None:
    """Which file a descriptor stands for, by inode and device; None if for none, or one that has been removed."""
    try:
        found = os.fstat(descriptor)
    except OSError:
        return None
    return found[1:3] if found.st_nlink else None
