"""What tasks on engines of one machine can pass to each other: queues, files, and barriers where they meet."""

import os
import pickle
import queue
import struct
import threading
from typing import Any

from .sharing import Thing, until

# during a search tasks find others under these names
_open, _close, _read, _unlink, _replace = os.open, os.close, os.read, os.unlink, os.replace
Empty, Full, BrokenBarrierError = queue.Empty, queue.Full, threading.BrokenBarrierError


class Barrier(Thing):
    """A barrier as threading.Barrier is one, without action and reset; it can be used again and again."""

    kind = "barrier"
    _STATE = struct.Struct("qqq")  # how many wait, how often all have met, whether it is broken

    def __init__(self, parties: int, timeout: float | None = None) -> None:
        if parties < 1:
            raise ValueError("parties must be > 0")
        super().__init__()
        self.parties, self._timeout = parties, timeout

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the others; returns a number from 0 to parties - 1, another one for each.

        Raises BrokenBarrierError if it is broken or becomes so: by `abort`, or as one of them waited for too long.
        """
        timeout = self._timeout if timeout is None else timeout
        self.step("arrive")
        with self.alone() as descriptor:
            waiting, met, broken = self._state(descriptor)
            if broken:
                raise BrokenBarrierError
            last = waiting + 1 == self.parties
            self._note(descriptor, *((0, met + 1, 0) if last else (waiting + 1, met, 0)))
        gate = f"{self._name}, {met}"
        if last:
            self.step("open", (gate, False, 1))
            return waiting
        kind = "wait" if timeout is None else "wait a while"
        let_on = self.step(kind, need=(gate, 1), tried=timeout is not None)
        if let_on is None:
            let_on = until(lambda: self._left(met), timeout)
        if not let_on:
            self.abort()
        with self.alone() as descriptor:
            if self._state(descriptor)[1] == met:
                raise BrokenBarrierError
        return waiting

    def abort(self) -> None:
        """Break it: who waits, and whoever comes, gets BrokenBarrierError."""
        with self.alone() as descriptor:
            waiting, met, _ = self._state(descriptor)
            self._note(descriptor, waiting, met, 1)
        self.step("break", (f"{self._name}, {met}", False, 1))

    @property
    def n_waiting(self) -> int:
        with self.alone() as descriptor:
            return self._state(descriptor)[0]

    @property
    def broken(self) -> bool:
        with self.alone() as descriptor:
            return bool(self._state(descriptor)[2])

    def _left(self, met: int) -> bool:
        with self.alone() as descriptor:
            _, now, broken = self._state(descriptor)
        return now != met or bool(broken)

    def _state(self, descriptor: int) -> tuple[int, int, int]:
        waiting, met, broken = self._STATE.unpack(os.pread(descriptor, self._STATE.size, 0) or bytes(self._STATE.size))
        return waiting, met, broken

    def _note(self, descriptor: int, *state: int) -> None:
        os.pwrite(descriptor, self._STATE.pack(*state), 0)


class Queue(Thing):
    """A queue as multiprocessing.Queue is one; items are pickled. maxsize: items that it takes, any number if 0."""

    kind = "queue"
    _STATE = struct.Struct("qq")  # number of the first item, and of the one after the last

    def __init__(self, maxsize: int = 0) -> None:
        super().__init__()
        self._maxsize = maxsize

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Raises queue.Full if there is no room at once, or within `timeout` seconds."""
        packed = pickle.dumps(item)
        items, room = f"{self._name}, items", f"{self._name}, room"
        fits = self.step(
            _kind("put", block, timeout), (items, True, 1), (room, True, -1),
            need=(room, 1 - self._maxsize) if self._maxsize > 0 else None, tried=not block or timeout is not None,
        )  # fmt: skip
        if fits is None:
            fits = until(lambda: self._put(packed), timeout if block else 0)
        elif fits:
            self._put(packed)
        if not fits:
            raise Full

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Raises queue.Empty if there is no item at once, or within `timeout` seconds."""
        items, room = f"{self._name}, items", f"{self._name}, room"
        found: list[bytes] = []
        there = self.step(
            _kind("get", block, timeout), (items, True, -1), (room, True, 1),
            need=(items, 1), tried=not block or timeout is not None,
        )  # fmt: skip
        if there is None:
            there = until(lambda: self._get(found), timeout if block else 0)
        elif there:
            self._get(found)
        if not there:
            raise Empty
        return pickle.loads(found[0])

    def put_nowait(self, item: Any) -> None:
        self.put(item, block=False)

    def get_nowait(self) -> Any:
        return self.get(block=False)

    def qsize(self) -> int:
        self.step("look")
        with self.alone() as descriptor:
            first, end = self._state(descriptor)
        return end - first

    def empty(self) -> bool:
        return self.qsize() == 0

    def full(self) -> bool:
        return 0 < self._maxsize <= self.qsize()

    def _put(self, packed: bytes) -> bool:
        with self.alone() as descriptor:
            first, end = self._state(descriptor)
            if 0 < self._maxsize <= end - first:
                return False
            _write_whole(f"{self._path}-{end}", packed)
            os.pwrite(descriptor, self._STATE.pack(first, end + 1), 0)
        return True

    def _get(self, found: list[bytes]) -> bool:
        with self.alone() as descriptor:
            first, end = self._state(descriptor)
            if first == end:
                return False
            found.append(_content(f"{self._path}-{first}"))
            os.pwrite(descriptor, self._STATE.pack(first + 1, end), 0)
            _unlink(f"{self._path}-{first}")
        return True

    def _state(self, descriptor: int) -> tuple[int, int]:
        first, end = self._STATE.unpack(os.pread(descriptor, self._STATE.size, 0) or bytes(self._STATE.size))
        return first, end


def _kind(kind: str, block: bool, timeout: float | None) -> str:
    if not block:
        return f"try to {kind}"
    return kind if timeout is None else f"{kind} a while"


class SharedFile(Thing):
    """A small file that tasks read and write as a whole: each is one step, none sees half of what another writes."""

    kind = "file"

    def __init__(self, text: str = "") -> None:
        super().__init__()
        _write_whole(self._path, text.encode())

    def read_text(self) -> str:
        return self.read_bytes().decode()

    def write_text(self, text: str) -> None:
        self.write_bytes(text.encode())

    def read_bytes(self) -> bytes:
        self.step("read")
        return _content(self._path)

    def write_bytes(self, content: bytes) -> None:
        self.step("write")
        _write_whole(self._path, content)


def _content(path: str) -> bytes:
    descriptor = _open(path, os.O_RDONLY)
    try:
        return b"".join(iter(lambda: _read(descriptor, 1 << 20), b""))
    finally:
        _close(descriptor)


def _write_whole(path: str, content: bytes) -> None:
    draft = f"{path}.{os.getpid()}-{threading.get_ident()}"
    descriptor = _open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(content)
    finally:
        _close(descriptor)
    _replace(draft, path)


for _one in (Barrier, Queue, SharedFile):
    _one.__module__ = "harness"  # see sharing
