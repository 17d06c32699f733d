"""Tells when a file below a folder was saved: by the system's notices, or by polling where there are none."""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import Change, watch

NOTICE = 1.0
"""Seconds within which the system must notice a file that is written on purpose, else the folder is polled."""
STEP = 20
"""Milliseconds without a further change after which a save is told."""
POLL = 200
"""Milliseconds between two looks where the folder is polled."""
PROBE = ".harness-watch-probe"


class Saves:
    """Follows a folder in a thread of its own.

    tell: called with the path of each file that was saved. polling: whether the folder is polled, since the system
    tells nothing of it, as on network file systems.
    """

    def __init__(self, folder: Path, tell: Callable[[Path], object]) -> None:
        self._folder = folder
        self._tell = tell
        self._stop = threading.Event()
        self._noticed = threading.Event()
        self._threads: list[threading.Thread] = []
        self.polling = False

    def __enter__(self) -> "Saves":
        self._follow(polling=False)
        probe = self._folder / PROBE
        try:
            for _ in range(10):
                probe.write_bytes(b"")
                if self._noticed.wait(NOTICE / 10):
                    break
        except OSError:
            pass  # a folder that can't be written is not saved to either; notices may still come
        finally:
            with contextlib.suppress(OSError):
                probe.unlink()
        if not self._noticed.is_set():
            self.polling = True
            self._follow(polling=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(5)

    def _follow(self, *, polling: bool) -> None:
        thread = threading.Thread(target=self._listen, args=(polling,), name="harness-saves", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self, polling: bool) -> None:
        noticed = watch(
            self._folder,
            watch_filter=_worth_telling,
            debounce=400,
            step=STEP,
            stop_event=self._stop,
            rust_timeout=500,
            force_polling=polling,
            poll_delay_ms=POLL,
            raise_interrupt=False,
        )
        for changes in noticed:
            paths = {Path(path) for change, path in changes if change != Change.deleted}
            if any(path.name == PROBE for path in paths):
                self._noticed.set()
            for path in sorted(paths):
                if path.name != PROBE:
                    self._tell(path)


def _worth_telling(_: Change, path: str) -> bool:
    name = Path(path).name
    return name == PROBE or (name.endswith((".py", ".toml")) and not name.startswith("."))
