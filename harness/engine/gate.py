"""The interrupt gate: the harness's own signal raises in a task, and only there."""

import signal
import sys
import threading
import weakref
from types import FrameType

from .frames import linked

NUMBER = getattr(signal, "SIGRTMIN", 34) + 5


class DeadlinePassed(KeyboardInterrupt):
    """Raised inside what the harness stops, at the deadline or because it waits for what can never come.

    A KeyboardInterrupt, as a stock interrupt would be.
    """


class Gate:
    """Open while user code runs. A signal that comes while it is closed does nothing; one task is stopped at most once.

    A signal of the harness's own, not SIGINT: what a task does to SIGINT's handler stays its own business.
    """

    def __init__(self) -> None:
        self._open = False
        self._raised: weakref.ref[DeadlinePassed] | None = None
        self.why = "stopped by the harness at its deadline"
        self._before = signal.signal(NUMBER, self._raise)

    def _raise(self, number: int, frame: FrameType | None) -> None:
        if self._open:
            self._open = False
            raise self._one_to_raise()

    def _one_to_raise(self) -> DeadlinePassed:
        # in a frame of its own: a local name in one of the traceback's would keep the exception alive
        error = DeadlinePassed(self.why)
        self._raised = weakref.ref(error)
        return error

    def open(self) -> None:
        """User code comes next, or may be stopped once more."""
        self._raised = None
        self._open = True

    def shut(self) -> None:
        """User code is over."""
        self._open = False
        self._raised = None

    def swallowed(self) -> bool:
        """Whether user code was stopped, goes on all the same, and is not in an `except`, `finally` or `with` for it.

        For threads other than the main one. What is on its way from frame to frame looks swallowed for that moment.
        """
        if self._raised is None:
            return False
        error = self._raised()
        return error is None or all(one is not error for one in linked(_handled_in_main_thread()))

    def close(self) -> None:
        """Give the signal back."""
        self.shut()
        signal.signal(NUMBER, self._before or signal.SIG_DFL)


def _handled_in_main_thread() -> BaseException | None:
    """The innermost exception that is being handled; those outside of it are its contexts."""
    handled = sys._current_exceptions().get(threading.main_thread().ident or 0)
    return handled[1] if isinstance(handled, tuple) else handled  # a tuple before Python 3.12
