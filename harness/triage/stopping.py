"""Stopping the client's own code: an exception raised in its thread from another, again until it ends."""

import contextlib
import ctypes
import signal
import threading
from collections.abc import Callable, Iterator

from harness.engine.gate import NUMBER, DeadlinePassed, Gate

AGAIN = 0.3
"""Seconds that code which was told to stop has to end, before it is told again."""
TRIES = 10
_gates: dict[int, Gate] = {}
_lock = threading.Lock()
"""Held while a gate is looked up and its thread told, so that none is told when its gate has gone."""


@contextlib.contextmanager
def stoppable() -> Iterator[int]:
    """Let `stop` reach this thread while open; by signal in the main thread, which ends waits as well."""
    ident = threading.get_ident()
    if threading.current_thread() is not threading.main_thread() or ident in _gates:
        yield ident
        return
    gate = _gates[ident] = Gate()
    gate.open()
    try:
        yield ident
    finally:
        while ident in _gates:
            with contextlib.suppress(DeadlinePassed), _lock:  # one that comes now comes too late
                gate.shut()
                del _gates[ident]
        gate.close()


def stop(ident: int, why: str = "") -> None:
    """Raise DeadlinePassed in the thread, now or when it next runs Python code; in the main one while stoppable.

    why: what it says, instead of that the deadline passed; in the main thread only.
    """
    with _lock:
        if gate := _gates.get(ident):
            gate.why = why or gate.why
            gate.open()
            signal.pthread_kill(ident, NUMBER)
            return
    if ident != threading.main_thread().ident:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(DeadlinePassed))


@contextlib.contextmanager
def stopped_after(seconds: float, stuck: Callable[[], None]) -> Iterator[threading.Event]:
    """Stop this thread's code in the block after so many seconds; call `stuck`, in another thread, if it goes on.

    The event says that they are over: ipyparallel's blocking calls take the exception for a Ctrl-C and swallow it.
    """
    over, passed = threading.Event(), threading.Event()

    def follow() -> None:
        if over.wait(seconds):
            return
        passed.set()
        for _ in range(TRIES):
            stop(ident)
            if over.wait(AGAIN):
                return
        stuck()

    with stoppable() as ident:
        thread = threading.Thread(target=follow, name="harness-stop", daemon=True)
        thread.start()
        try:
            yield passed
        finally:
            over.set()
            try:
                thread.join()
            finally:
                thread.join()  # the exception may have come while the first join waited
