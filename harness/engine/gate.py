"""The interrupt gate: the harness's own signal raises in a task, and only there."""

import signal
from types import FrameType

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
        self.open = False
        self.why = "stopped by the harness at its deadline"
        self._before = signal.signal(NUMBER, self._raise)

    def _raise(self, number: int, frame: FrameType | None) -> None:
        if self.open:
            self.open = False
            raise DeadlinePassed(self.why)

    def close(self) -> None:
        self.open = False
        signal.signal(NUMBER, self._before or signal.SIG_DFL)
