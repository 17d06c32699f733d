"""What is on its way to a run's files: written as it comes, but for floods, which are written a burst at a time."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

AT_ONCE = 100
"""Entries that are written at once however quickly they come; one more for each 1 / RATE seconds after that."""
RATE = 20.0
SOON = 0.02
"""Seconds that an entry of a flood may wait. A process that is killed loses at most those."""
IDLE = 1.0


class Bursts:
    """Passes entries on to `write(to, entries)`, all of one destination together, in the order in which they came.

    Each write to a file lets another thread of the process go first, which costs a flood of small tasks more than what
    is written: a window of some milliseconds makes hundreds of writes one. What makes a line of an entry is best left
    to `write` as well: in turn with everything else that a task takes, it costs some times what it costs in a row.
    """

    def __init__(self, write: Callable[[str, list[Any]], object]) -> None:
        self._write = write
        self._waiting: deque[tuple[str, Any]] = deque()
        self.writing = threading.RLock()
        self._credit, self._credited = float(AT_ONCE), time.monotonic()
        self._due = threading.Event()
        self._life = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, to: str, entry: Any) -> None:
        """Take an entry. It is in its file when this returns, or `SOON` after that if it is one of a flood."""
        self._waiting.append((to, entry))
        if self._due.is_set():
            return  # a burst is to be written, which clears this before it looks what waits
        now = time.monotonic()
        credit = min(AT_ONCE, self._credit + (now - self._credited) * RATE)
        self._credited = now
        self._credit = credit - 1 if credit >= 1 else credit
        if credit >= 1:
            self.flush()
        else:
            self._wake()

    def flush(self) -> None:
        """Write what waits; returns when it is in its files."""
        with self.writing:
            entries: dict[str, list[Any]] = {}
            while self._waiting:
                to, entry = self._waiting.popleft()
                entries.setdefault(to, []).append(entry)
            for to, some in entries.items():
                self._write(to, some)

    def _wake(self) -> None:
        with self._life:
            self._due.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._follow, name="harness-record", daemon=True)
                self._thread.start()

    def _follow(self) -> None:
        while True:
            if not self._due.wait(IDLE):
                with self._life:
                    if not self._due.is_set():
                        self._thread = None
                        return
            time.sleep(SOON)
            self._due.clear()
            self.flush()
