"""What tasks on engines of one machine can share: locks and events, here, and what `exchange` has; and checkpoints.

They are made in `main`, passed to tasks as arguments, and work between processes by files and flock. In a search
(`harness explore`) each operation is a step. What is made in a task or in a module that engines import is another one
on each engine. A lock is free again when its holder's process ends.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

# during a search tasks find others under these names
_open, _close, _stat, _unlink = os.open, os.close, os.stat, os.unlink
_flock, _sleep, _RLock = fcntl.flock, time.sleep, threading.RLock

Effect = tuple[str, bool, int]
Stepper = Callable[..., Any]

_SHORTEST, _LONGEST = 0.0005, 0.01
_making = _RLock()
_folder: str | None = None
_made = 0
_main: Stepper | None = None
_held: dict[str, int] = {}
"""Path → descriptor, of the locks that this process holds; -1 in a search, where the scheduler knows."""


def checkpoint(label: str = "") -> None:
    """A place where a search may let another task go on. Outside a search it does nothing."""
    if (stepper := _stepper()) is not None:
        stepper("checkpoint", str(label))


@contextlib.contextmanager
def searched(stepper: Stepper) -> Iterator[None]:
    """What is made meanwhile is named as in every other execution, and main's operations go to `stepper`."""
    global _folder, _made, _main
    before = _folder, _made
    _folder, _made, _main = None, 0, stepper
    try:
        yield
    finally:
        if _folder is not None:
            shutil.rmtree(_folder, ignore_errors=True)
        (_folder, _made), _main = before, None


def _stepper() -> Stepper | None:
    """What takes a step of this thread, if a search is on."""
    turns = sys.modules.get(f"{__package__}.turns")
    here = turns.actor() if turns is not None else None
    return _main if here is None else here.step


def place(kind: str) -> tuple[str, str]:
    """A path for something new, and what it is called."""
    global _folder, _made
    with _making:
        if _folder is None:
            _folder = tempfile.mkdtemp(prefix="harness-shared-")
            if _main is None:
                atexit.register(_remove, _folder, os.getpid())
        _made += 1
        name = f"{kind} {_made}"
        turns = sys.modules.get(f"{__package__}.turns")
        if turns is not None and turns.maker() is not None:
            name = turns.new_name(kind)
        return os.path.join(_folder, f"{kind}-{_made}"), name


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # not in a child that was forked
        shutil.rmtree(folder, ignore_errors=True)


def until(done: Callable[[], bool], timeout: float | None) -> bool:
    """Whether it was done in time; asks often at first, then a hundred times a second."""
    limit = None if timeout is None else time.monotonic() + timeout
    pause = _SHORTEST
    while not done():
        if limit is not None and (left := limit - time.monotonic()) <= 0:
            return False
        _sleep(pause if limit is None else min(pause, left))
        pause = min(2 * pause, _LONGEST)
    return True


class Thing:
    """Has a path, where its state is, and a name for people. A pickled copy is the same thing."""

    kind = ""

    def __init__(self) -> None:
        self._path, self._name = place(self.kind)

    def __repr__(self) -> str:
        return f"<harness.{type(self).__name__} {self._name}>"

    def step(
        self, kind: str, *effects: Effect, need: tuple[str, int] | None = None, tried: bool = False, detail: Any = None
    ) -> bool | None:
        """Take a step of a search; None outside one, else whether the need was met."""
        if (stepper := _stepper()) is None:
            return None
        rule = (need, effects, tried) if effects or need else None
        return stepper(kind, self._name, detail, "", rule) is not False

    @contextlib.contextmanager
    def alone(self) -> Iterator[int]:
        """The descriptor of the state, which no other process reads or writes meanwhile."""
        descriptor = _open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            _close(descriptor)


class Lock(Thing):
    """A lock as threading.Lock is one, between all engines of a machine."""

    kind = "lock"

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Whether it was acquired; blocking without a time-out waits for as long as it takes."""
        if not blocking and timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        kind = "try" if not blocking or timeout == 0 else "lock a while" if timeout > 0 else "lock"
        if (got := self.step(kind, detail=False)) is not None:
            if got:
                _held[self._path] = -1
            return got
        descriptor = _open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        got = False
        try:
            if blocking and timeout < 0:
                _flock(descriptor, fcntl.LOCK_EX)
                got = True
            else:
                got = until(lambda: _taken(descriptor), timeout if blocking else 0)
        finally:
            if got:
                _held[self._path] = descriptor
            else:
                _close(descriptor)
        return got

    def release(self) -> None:
        """Raises RuntimeError if this process does not hold it."""
        descriptor = _held.pop(self._path, None)
        if descriptor is None:
            raise RuntimeError("release unlocked lock")
        if descriptor >= 0:
            _close(descriptor)
        else:
            self.step("unlock")

    def locked(self) -> bool:
        if self._path in _held:
            return True
        if _stepper() is not None:
            free = self.step("try", detail=False)
            if free:
                self.step("unlock")
            return not free
        descriptor = _open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            return not _taken(descriptor)
        finally:
            _close(descriptor)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


def _taken(descriptor: int) -> bool:
    try:
        _flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Event(Thing):
    """An event as threading.Event is one: a flag that tasks set, clear and wait for."""

    kind = "event"

    def is_set(self) -> bool:
        self.step("look")
        return _is_there(self._path)

    def set(self) -> None:
        self.step("set", (self._name, False, 1))
        _close(_open(self._path, os.O_WRONLY | os.O_CREAT, 0o600))

    def clear(self) -> None:
        self.step("clear", (self._name, False, 0))
        with contextlib.suppress(FileNotFoundError):
            _unlink(self._path)

    def wait(self, timeout: float | None = None) -> bool:
        """Whether it is set; False if it was not within `timeout` seconds."""
        kind = "wait" if timeout is None else "wait a while"
        there = self.step(kind, need=(self._name, 1), tried=timeout is not None)
        return until(lambda: _is_there(self._path), timeout) if there is None else there


def _is_there(path: str) -> bool:
    try:
        _stat(path)
    except FileNotFoundError:
        return False
    return True


for _one in (Event, Lock):
    _one.__module__ = "harness"  # so that a copy travels to engines by that name, whichever room they have
