"""What the threads of one engine share by Python's own means, seen as steps during a search: locks, events, queues.

Each is the real thing as well, for threads that take no turns, and keeps its real state at every step.
"""

import queue
import sys
import threading
from collections.abc import Callable
from typing import Any

from .turns import Abandoned, Actor, Worker, _here, actor, guarded, maker, new_name, step

_Lock, _RLock = threading.Lock, threading.RLock
_Condition = threading.Condition
_LIBRARIES = (threading.__file__, queue.__file__, __file__)


def replacements(worker: Worker) -> list[tuple[Any, str, Any]]:
    """Owner, name and what stands in during a search."""
    return [
        (threading, "Lock", _lock_of_whom(_Lock, again=False)),
        (threading, "RLock", _lock_of_whom(_RLock, again=True)),
        (threading, "Condition", SteppedCondition),
        (threading, "Event", SteppedEvent),
        (threading, "Semaphore", SteppedSemaphore),
        (threading, "BoundedSemaphore", SteppedBoundedSemaphore),
        (threading, "Barrier", SteppedBarrier),
        (queue, "Queue", SteppedQueue),
        (queue, "LifoQueue", SteppedLifoQueue),
        (queue, "PriorityQueue", SteppedPriorityQueue),
        (queue, "SimpleQueue", SteppedSimpleQueue),
        (threading.Thread, "start", _starting(threading.Thread.start, worker)),
        (threading.Thread, "join", _joining(threading.Thread.join)),
    ]


def _name(kind: str) -> str:
    """What the user's code makes is named; empty for what `threading` makes for itself, or another thread makes."""
    frame = sys._getframe(2)
    own = frame.f_code.co_filename == threading.__file__ and frame.f_code.co_name not in ("wait", "notify")
    return "" if own or maker() is None else new_name(kind)


def _turns(name: str) -> bool:
    """Whether what is called so is seen, by a thread that takes turns."""
    return bool(name) and actor() is not None


def _kind(kind: str, blocking: bool, timeout: float | None) -> str:
    """Of a step that may wait: one that waits `a while` lets others go first."""
    if blocking and timeout is not None and timeout > 0:
        return f"{kind} a while"
    return kind if blocking and timeout is None else f"try to {kind}"


class SteppedLock:
    """threading.Lock, or RLock if `again`, whose owner the scheduler knows. Outside a search it is a real one."""

    def __init__(self, again: bool = False) -> None:
        self._name = new_name("lock")
        self._real = _RLock() if again else _Lock()
        self._again = again
        self._owner: Actor | None = None
        self._depth = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        here = actor()
        if here is None:
            return self._real.acquire(blocking, timeout)
        if self._again and self._owner is here:
            self._depth += 1
            return True
        kind = "try" if not blocking or timeout == 0 else "lock a while" if timeout > 0 else "lock"
        if here.step(kind, self._name, False) is False:
            return False
        self._owner, self._depth = here, 1
        return True

    def release(self) -> None:
        here = actor()
        if here is None:
            self._real.release()
            return
        if here.abandoned:
            return
        if self._owner is None or (self._again and self._owner is not here):
            raise RuntimeError("cannot release un-acquired lock" if self._again else "release unlocked lock")
        self._depth -= 1
        if self._depth <= 0:
            self._owner = None
            here.step("unlock", self._name)

    def locked(self) -> bool:
        return self._owner is not None or (not self._again and self._real.locked())  # type: ignore[union-attr]

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    # what Condition asks of a lock:

    def _is_owned(self) -> bool:
        here = actor()
        if here is None:
            return bool(self._real._is_owned()) if self._again else self._real.locked()  # type: ignore[union-attr]
        return self._owner is here if self._again else self._owner is not None

    def _release_save(self) -> int:
        depth, self._depth = self._depth, 1
        self.release()
        return depth

    def _acquire_restore(self, depth: int) -> None:
        self.acquire()
        self._depth = depth


def _lock_of_whom(real: Callable[[], Any], *, again: bool) -> Callable[[], Any]:
    """What makes locks: for `threading` itself, which builds other things of them, real ones."""

    def made() -> Any:
        return real() if sys._getframe(1).f_code.co_filename in _LIBRARIES else SteppedLock(again)

    return made


class SteppedCondition(threading.Condition):
    def __init__(self, lock: Any = None) -> None:
        self._name = _name("condition")
        if self._name and lock is None:
            lock = SteppedLock(again=True)
        super().__init__(_RLock() if lock is None else lock)
        self._tickets: list[str] = []

    def wait(self, timeout: float | None = None) -> bool:
        if not _turns(self._name):
            return super().wait(timeout)
        if not self._is_owned():  # type: ignore[attr-defined]
            raise RuntimeError("cannot wait on un-acquired lock")
        ticket = new_name("wait")
        self._tickets.append(ticket)
        depth = self._release_save()  # type: ignore[attr-defined]
        woken = False
        try:
            kind = _kind("wait", True, timeout)
            woken = guarded(kind, self._name, need=(ticket, 1), tried=timeout is not None)
        finally:
            if not woken and ticket in self._tickets:
                self._tickets.remove(ticket)
            self._acquire_restore(depth)  # type: ignore[attr-defined]
        return woken

    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
        if timeout is None or not _turns(self._name):
            return super().wait_for(predicate, timeout)
        return predicate() or (self.wait(timeout) and predicate()) or predicate()

    def notify(self, n: int = 1) -> None:
        if not _turns(self._name):
            super().notify(n)
            return
        if not self._is_owned():  # type: ignore[attr-defined]
            raise RuntimeError("cannot notify on un-acquired lock")
        woken, self._tickets = self._tickets[:n], self._tickets[n:]
        guarded("notify", self._name, *((ticket, False, 1) for ticket in woken))

    def notify_all(self) -> None:
        if _turns(self._name):
            self.notify(len(self._tickets))
        else:
            super().notify_all()


class SteppedEvent(threading.Event):
    def __init__(self) -> None:
        self._name = _name("event")
        super().__init__()

    def is_set(self) -> bool:
        if _turns(self._name):
            step("look", self._name)
        return super().is_set()

    def set(self) -> None:
        if _turns(self._name):
            guarded("set", self._name, (self._name, False, 1))
        super().set()

    def clear(self) -> None:
        if _turns(self._name):
            guarded("clear", self._name, (self._name, False, 0))
        super().clear()

    def wait(self, timeout: float | None = None) -> bool:
        if not _turns(self._name):
            return super().wait(timeout)
        return guarded(_kind("wait", True, timeout), self._name, need=(self._name, 1), tried=timeout is not None)


class SteppedSemaphore(threading.Semaphore):
    def __init__(self, value: int = 1) -> None:
        self._name = _name("semaphore")
        super().__init__(value)
        self._first = value

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        if not _turns(self._name) or (not blocking and timeout is not None):
            return super().acquire(blocking, timeout)
        tried = not blocking or timeout is not None
        got = guarded(
            _kind("acquire", blocking, timeout), self._name, (self._name, True, -1),
            need=(self._name, 1 - self._first), tried=tried,
        )  # fmt: skip
        return got and super().acquire(blocking=False)

    __enter__ = acquire

    def release(self, n: int = 1) -> None:
        if _turns(self._name):
            guarded("release", self._name, (self._name, True, n))
        super().release(n)


class SteppedBoundedSemaphore(SteppedSemaphore):
    def __init__(self, value: int = 1) -> None:
        super().__init__(value)
        self._initial_value = value

    def release(self, n: int = 1) -> None:
        if self._value + n > self._initial_value:
            raise ValueError("Semaphore released too many times")
        super().release(n)


class SteppedBarrier(threading.Barrier):
    def __init__(self, parties: int, action: Any = None, timeout: float | None = None) -> None:
        super().__init__(parties, action, timeout)
        if maker() is not None:
            self._cond = SteppedCondition(SteppedLock())


class SteppedQueue(queue.Queue):
    def __init__(self, maxsize: int = 0) -> None:
        self._name = _name("queue")
        super().__init__(maxsize)
        self.mutex = _Lock()
        self.not_empty, self.not_full, self.all_tasks_done = (_Condition(self.mutex) for _ in range(3))

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        if not _turns(self._name):
            super().put(item, block, timeout)
            return
        items, room, open_ = self._counters()
        fits = guarded(
            _kind("put", block, timeout), self._name, (items, True, 1), (room, True, -1), (open_, True, -1),
            need=(room, 1 - self.maxsize) if self.maxsize > 0 else None, tried=not block or timeout is not None,
        )  # fmt: skip
        if not fits:
            raise queue.Full
        super().put(item, block=False)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        if not _turns(self._name):
            return super().get(block, timeout)
        items, room, _ = self._counters()
        there = guarded(
            _kind("get", block, timeout), self._name, (items, True, -1), (room, True, 1),
            need=(items, 1), tried=not block or timeout is not None,
        )  # fmt: skip
        if not there:
            raise queue.Empty
        return super().get(block=False)

    def task_done(self) -> None:
        if _turns(self._name):
            guarded("finish", self._name, (self._counters()[2], True, 1))
        super().task_done()

    def join(self) -> None:
        if _turns(self._name):
            guarded("wait", self._name, need=(self._counters()[2], 0))
        else:
            super().join()

    def qsize(self) -> int:
        if _turns(self._name):
            step("look", self._name)
        return super().qsize()

    def empty(self) -> bool:
        return not self.qsize() if _turns(self._name) else super().empty()

    def full(self) -> bool:
        return 0 < self.maxsize <= self.qsize() if _turns(self._name) else super().full()

    def _counters(self) -> tuple[str, str, str]:
        """How many items there are, how many more than at first fit, and less the number of unfinished ones."""
        return f"{self._name}, items", f"{self._name}, room", f"{self._name}, unfinished"


class SteppedLifoQueue(SteppedQueue, queue.LifoQueue):
    pass


class SteppedPriorityQueue(SteppedQueue, queue.PriorityQueue):
    pass


class SteppedSimpleQueue(queue.SimpleQueue):
    def __init__(self) -> None:
        self._name = _name("queue")

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        if _turns(self._name):
            guarded("put", self._name, (self._name, True, 1))
        super().put(item)

    put_nowait = put

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        if not _turns(self._name):
            return super().get(block, timeout)
        there = guarded(
            _kind("get", block, timeout), self._name, (self._name, True, -1),
            need=(self._name, 1), tried=not block or timeout is not None,
        )  # fmt: skip
        if not there:
            raise queue.Empty
        return super().get(block=False)

    def get_nowait(self) -> Any:
        return self.get(block=False)

    def qsize(self) -> int:
        if _turns(self._name):
            step("look", self._name)
        return super().qsize()

    def empty(self) -> bool:
        return self.qsize() == 0


def _starting(real: Callable[[Any], None], worker: Worker) -> Callable[[Any], None]:
    def start(thread: threading.Thread) -> None:
        here = actor()
        if here is None:
            return real(thread)
        run, name = thread.run, here.next_name("thread")

        def as_actor() -> None:
            _here.actor = own = worker.connect(name)
            try:
                own.step("begin")
                worker.traced(run)
            except Abandoned:
                pass  # the schedule was given up, and this thread's part of it ends here
            finally:
                _here.actor = None
                own.tell("done", own.unseen, True, None)
                own.wire.connection.close()

        here.step("start", name)
        thread.run = as_actor  # type: ignore[method-assign]
        thread._turns = name  # type: ignore[attr-defined]
        return real(thread)

    return start


def _joining(real: Callable[..., None]) -> Callable[..., None]:
    def join(thread: threading.Thread, timeout: float | None = None) -> None:
        here = actor()
        name = getattr(thread, "_turns", None)
        if here is not None and name is not None:
            here.step("join" if timeout is None else "sleep", name)
            if timeout is not None:
                return
        real(thread, timeout)

    return join


__all__ = ["SteppedLock", "replacements"]
