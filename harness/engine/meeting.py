"""Tasks that wait for each other: proof that two engines work at the same time, without a clock deciding it."""

import time
from pathlib import Path

PATIENCE = 1.0
PATIENCE_IN_ALL = 2.0


class Meeting:
    """A folder in which each engine with a task under way has a file.

    A task waits until as many engines have one, or for one second, and the tasks of one engine for two in all.
    Tasks sent one at a time never meet.
    """

    def __init__(self, folder: Path, engine: int, engines: int) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._mine = folder / str(engine)
        self._engines = engines
        self._patience = PATIENCE_IN_ALL

    def wait(self) -> bool:
        """Whether this task met tasks of the other engines. Once met, later tasks do not wait."""
        done = self._folder / "met"
        if done.exists():
            return True
        self._mine.touch()
        began = time.monotonic()
        limit = began + min(PATIENCE, self._patience)
        while not (met := done.exists() or len(list(self._folder.iterdir())) >= self._engines):
            if time.monotonic() >= limit:
                self._mine.unlink(missing_ok=True)
                break
            time.sleep(0.002)
        else:
            done.touch()
        self._patience -= time.monotonic() - began
        return met
