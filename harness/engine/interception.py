"""What processes share by the system's own means, seen as steps during a search: files, folders, locks on files."""

import builtins
import contextlib
import fcntl
import io
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import shared_memory
from typing import Any

from . import exchange, stepped_threads  # noqa: F401 - exchange is to find the real functions
from .turns import Worker, actor, step

_OPENING = {"w": "open to write", "x": "open", "a": "open to add", "+": "open to change"}
_ELSEWHERE = tuple(f"{folder}/" for folder in (sys.prefix, sys.base_prefix, "/proc", "/dev", "/sys", "/usr", "/etc"))
_IN_MEMORY = "/dev/shm/"
_sleep = time.sleep
_UNSEEN = (
    (sqlite3, "connect"),
    (socket.socket, "connect"),
    (subprocess.Popen, "__init__"),
    (shared_memory.SharedMemory, "__init__"),
)


@contextlib.contextmanager
def intercepted(worker: Worker) -> Iterator[None]:
    """Have the system's shared things announce themselves while open. Threads that are no actors notice nothing."""
    with contextlib.ExitStack() as undo:
        for owner, name, value in _replacements(worker):
            undo.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, value)
        yield


def _replacements(worker: Worker) -> list[tuple[Any, str, Any]]:
    return [
        (builtins, "open", _open(io.open)),
        (io, "open", _open(io.open)),
        (os, "open", _on_path(os.open, "open")),
        (os, "replace", _on_two_paths(os.replace)),
        (os, "rename", _on_two_paths(os.rename)),
        (os, "link", _on_two_paths(os.link)),
        (os, "unlink", _on_path(os.unlink, "remove")),
        (os, "remove", _on_path(os.remove, "remove")),
        (os, "mkdir", _on_path(os.mkdir, "make")),
        (os, "rmdir", _on_path(os.rmdir, "remove")),
        (os, "truncate", _on_path(os.truncate, "write")),
        (os, "symlink", _on_two_paths(os.symlink)),
        (os, "scandir", _on_path(os.scandir, "look")),
        (os, "stat", _on_path(os.stat, "look")),
        (os, "listdir", _on_path(os.listdir, "look")),
        (os, "write", _on_descriptor(os.write, "write")),
        (os, "read", _on_descriptor(os.read, "read")),
        (os, "close", _closing(os.close)),
        (fcntl, "flock", _flock(fcntl.flock)),
        (fcntl, "lockf", _flock(fcntl.lockf)),
        (time, "sleep", _sleeping),
        (tempfile, "tempdir", worker.temporary),
        *stepped_threads.replacements(worker),
        *((owner, name, _unseen(getattr(owner, name))) for owner, name in _UNSEEN),
    ]


def _unseen(real: Callable[..., Any]) -> Callable[..., Any]:
    """What tasks may share unseen things by: from then on each of the actor's steps may touch anything."""

    def used(*args: Any, **kwargs: Any) -> Any:
        if (here := actor()) is not None:
            here.unseen = True
        return real(*args, **kwargs)

    return used


def _shared(path: Any) -> str | None:
    """The path as one name for what it names, if tasks may share it: no device, nothing of Python's own."""
    try:
        name = os.path.realpath(os.fsdecode(path))
    except (TypeError, ValueError):
        return None
    return name if _may_be_shared(name) else None


def _may_be_shared(name: str) -> bool:
    elsewhere = name.startswith(_ELSEWHERE) and not name.startswith(_IN_MEMORY)
    return not elsewhere and not name.endswith((".py", ".pyc"))


_held: dict[int, str] = {}
"""Descriptor → path, of files that this process locked."""


class SteppedFile(io.FileIO):
    """A file whose reads, writes and closing are steps: the system calls themselves, not what a buffer takes."""

    def __init__(self, path: Any, mode: str, shared: str, **options: Any) -> None:
        super().__init__(path, mode, **options)
        self.shared = shared

    def readinto(self, buffer: Any) -> int | None:
        step("read", self.shared)
        return super().readinto(buffer)

    def readall(self) -> bytes:
        step("read", self.shared)
        return super().readall()

    def read(self, size: int | None = -1) -> bytes | None:  # type: ignore[override]
        step("read", self.shared)
        return super().read(-1 if size is None else size)

    def write(self, content: Any) -> int | None:  # type: ignore[override]
        step("write", self.shared)
        return super().write(content)

    def truncate(self, size: int | None = None) -> int:
        step("write", self.shared)
        return super().truncate(size)

    def close(self) -> None:
        if not self.closed and self.fileno() in _held:
            _unlock(self.fileno())
        super().close()


def _open(real: Callable[..., Any]) -> Callable[..., Any]:
    def opened(file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, errors: Any = None,
               newline: Any = None, closefd: bool = True, opener: Any = None) -> Any:  # fmt: skip
        shared = None if actor() is None or isinstance(file, int) else _shared(file)
        if shared is None:
            return real(file, mode, buffering, encoding, errors, newline, closefd, opener)
        writes = any(letter in mode for letter in "wax+")
        step(next((kind for letter, kind in _OPENING.items() if letter in mode), "open to read"), shared)
        raw = SteppedFile(file, mode.replace("b", "").replace("t", ""), shared, closefd=closefd, opener=opener)
        if buffering == 0:
            return raw
        kind = io.BufferedRandom if "+" in mode else io.BufferedWriter if writes else io.BufferedReader
        buffer: Any = kind(raw)
        if "b" in mode:
            return buffer
        return io.TextIOWrapper(buffer, encoding or "utf-8", errors, newline, line_buffering=buffering == 1)

    return opened


def _on_path(real: Callable[..., Any], kind: str) -> Callable[..., Any]:
    def stepped(path: Any = ".", *args: Any, **kwargs: Any) -> Any:
        if actor() is not None and not isinstance(path, int) and (shared := _shared(path)):
            step(kind, shared)
        return real(path, *args, **kwargs)

    return stepped


def _on_two_paths(real: Callable[..., Any]) -> Callable[..., Any]:
    def stepped(source: Any, target: Any, *args: Any, **kwargs: Any) -> Any:
        if actor() is not None and (shared := _shared(target)):
            step("replace", shared, also=_shared(source) or "")
        return real(source, target, *args, **kwargs)

    return stepped


def _on_descriptor(real: Callable[..., Any], kind: str) -> Callable[..., Any]:
    def stepped(descriptor: int, *args: Any) -> Any:
        if actor() is not None and (shared := _of_descriptor(descriptor)):
            step(kind, shared)
        return real(descriptor, *args)

    return stepped


def _of_descriptor(descriptor: int) -> str | None:
    try:
        name = os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return None
    return name if name.startswith("/") and _may_be_shared(name) else None  # the system gives the real path


def _closing(real: Callable[[int], None]) -> Callable[[int], None]:
    def closing(descriptor: int) -> None:
        if actor() is not None and descriptor in _held:
            _unlock(descriptor)
        real(descriptor)

    return closing


def _flock(real: Callable[..., Any]) -> Callable[..., Any]:
    def locking(file: Any, operation: int, *args: Any) -> Any:
        descriptor = file if isinstance(file, int) else file.fileno()
        shared = _of_descriptor(descriptor) if actor() is not None else None
        if shared is None:
            return real(file, operation, *args)
        if operation & fcntl.LOCK_UN:
            return _unlock(descriptor)
        tried = bool(operation & fcntl.LOCK_NB)
        if step("try" if tried else "lock", shared, bool(operation & fcntl.LOCK_SH)) is False:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        _held[descriptor] = shared
        return None

    return locking


def _unlock(descriptor: int) -> None:
    if (shared := _held.pop(descriptor, None)) is not None:
        step("unlock", shared)


def _sleeping(seconds: float) -> None:
    if actor() is None:
        _sleep(seconds)
    else:
        step("sleep", "", float(seconds))
