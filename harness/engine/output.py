"""The raw output of an engine's process in one file of the run: told apart by task, bounded, there as it comes."""

import contextlib
import faulthandler
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

KEPT = 65_536
"""Bytes of the beginning, and of the end, of what one task writes that are kept."""
SCANT = 256
"""As KEPT, once the file has more than ROOM bytes."""
ROOM = 32 * 2**20
SOON = 4 * 2**20
"""Bytes that a task may have in the file before its middle is cut out while it still runs."""
LOOK = 1.0
"""Seconds between two looks at the file while a task runs."""


class Output:
    """The file, and which part of it is whose: `begin` and `end` a task's part, whose middle is cut out if it is long.

    What comes between two tasks (threads and processes that they left) is a part as well, of nobody's. Positions of
    parts that have ended never change. `stand` bounds what the file takes while a task goes on writing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        self._lock = threading.Lock()
        self._start = self._size()
        self._dropped = 0

    def begin(self) -> int:
        """A task begins; returns the position from which on the output is its own."""
        return self._part()[1]

    def end(self) -> tuple[int, int, int]:
        """A task ends; returns the begin and end of its part, and how many bytes of it were left out."""
        return self._part()

    def _part(self) -> tuple[int, int, int]:
        with self._lock:
            begin, size = self._start, self._size()
            self._start = self._cut(0) if size - begin > _SHORT else size
            dropped, self._dropped = self._dropped, 0
            return begin, self._start, dropped

    def stand(self) -> None:
        """Cut the middle out of the part that is being written if that has grown large."""
        if self._lock.acquire(blocking=False):
            try:
                self._cut(SOON)
            finally:
                self._lock.release()

    def _cut(self, allowed: int) -> int:
        """Cut the middle out of this part if it has more than so many bytes and that helps; returns the file's size."""
        size = self._size()
        kept = KEPT if self._start < ROOM else SCANT
        if size - self._start <= max(allowed, 2 * kept + _OF_NOTE):
            return size
        tail = os.pread(self._descriptor, kept, size - kept)
        again = len(_note(self._dropped)) if self._dropped else 0
        self._dropped += self._size() - self._start - kept - len(tail) - again
        os.ftruncate(self._descriptor, self._start + kept)
        os.write(self._descriptor, _note(self._dropped) + tail)
        return self._size()

    def _size(self) -> int:
        try:
            return os.fstat(self._descriptor).st_size
        except OSError:
            # a task closed the descriptor
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
            return os.fstat(self._descriptor).st_size

    def write(self, text: str) -> None:
        """Append what a stream was given; a full disk or a closed descriptor is not the task's concern."""
        with contextlib.suppress(OSError):
            os.write(self._descriptor, text.encode("utf-8", "backslashreplace"))

    @contextlib.contextmanager
    def taking(self) -> Iterator[None]:
        """Send the process's raw output and its last words here while open, and on to where it went before."""
        # streams that write to descriptors 1 and 2 themselves need no help; ipykernel's lose what is in their pipe
        with _descriptors(self._descriptor) if hasattr(sys.stdout, "tees_to_descriptor") else _streams(self.write):
            enabled = faulthandler.is_enabled()
            faulthandler.enable(file=self._descriptor, all_threads=True)
            try:
                yield
            finally:
                faulthandler.disable()
                if enabled:
                    faulthandler.enable(file=2, all_threads=True)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


def _note(dropped: int) -> bytes:
    return f"\n[... {dropped:>15,} bytes of this task's output are left out here ...]\n".encode()


_OF_NOTE = len(_note(0))
_SHORT = 2 * SCANT + _OF_NOTE
"""Bytes of a part that is never cut."""


@contextlib.contextmanager
def _descriptors(out: int) -> Iterator[None]:
    kept = [os.dup(1), os.dup(2)]
    os.dup2(out, 1)
    os.dup2(out, 2)
    try:
        yield
    finally:
        for number, before in zip((1, 2), kept, strict=True):
            os.dup2(before, number)
            os.close(before)


@contextlib.contextmanager
def _streams(take: Callable[[str], None]) -> Iterator[None]:
    streams = [stream for stream in (sys.stdout, sys.stderr) if stream is not None]
    for stream in streams:
        stream.write = _tee(stream.write, take)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for stream in streams:
            with contextlib.suppress(AttributeError):
                del stream.write


def _tee(write: Any, take: Callable[[str], None]) -> Any:
    def tee(text: str) -> Any:
        if isinstance(text, str):
            take(text)
        return write(text)

    return tee


@contextlib.contextmanager
def looked_after(output: Output, loop: Any) -> Iterator[None]:
    """Have the loop of the engine's control thread call `stand` while open, whatever the main thread is doing."""
    over = threading.Event()

    def look() -> None:
        if not over.is_set():
            output.stand()
            loop.call_later(LOOK, look)

    loop.add_callback(look)
    try:
        yield
    finally:
        over.set()
