"""The end of a process whose client code holds the interpreter, so that no thread of ours can run: faulthandler's."""

import contextlib
import faulthandler
from pathlib import Path

PATIENCE = 5.0
"""Seconds beyond a limit after which whoever should have acted on it is taken to be unable to."""
LADDER = 30.0
"""Seconds that stopping engines and client, and judging, may take before the same."""


class LastResort:
    """Ends this process, with exit status 1 and its stacks in the run directory, if it is not called off in time.

    faulthandler's watchdog needs no Python to run. A fatal signal leaves its stacks there as well. Whoever started the
    process reads the run and judges it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "stacks" / "client.native.txt"
        self._file = self._path.open("w")
        faulthandler.enable(self._file)

    def within(self, seconds: float) -> None:
        """Do it in so many seconds from now, instead of what was set before."""
        faulthandler.dump_traceback_later(seconds, exit=True, file=self._file)

    def not_now(self) -> None:
        """Call it off, until `within` is called again."""
        faulthandler.cancel_dump_traceback_later()

    def close(self) -> None:
        """Call it off for good; may be repeated."""
        if self._file.closed:
            return
        self.not_now()
        faulthandler.disable()
        self._file.close()
        with contextlib.suppress(OSError):  # a task may have removed it
            if not self._path.stat().st_size:
                self._path.unlink()
