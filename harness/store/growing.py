"""What engines write of a run that is still going on, read as it comes: a look costs what is new, not what is there."""

import contextlib
import os
import stat
from pathlib import Path

import msgspec

from harness.store import wary
from harness.store.reader import UNREADABLE, engine_of


class Told(msgspec.Struct, frozen=True):
    """What is read of a step's data: a step's kind says which of it there is."""

    label: str = ""
    status: str = ""
    type: str = ""
    message: str = ""
    file: str | None = None
    line: int | None = None
    function: str | None = None


class Step(msgspec.Struct):
    """An engine's event, and the little of it that a run is followed by: the rest is not even decoded."""

    id: str
    kind: str
    time: float
    task: int | None = None
    data: Told = Told()
    engine: int | None = None


class GrowingEvents:
    """Reads on in the event files of a run's engines from where the last look stopped."""

    def __init__(self, folder: Path) -> None:
        self._events = folder / "events"
        self._read: dict[str, int] = {}
        self._decode = msgspec.json.Decoder(Step).decode

    def new(self) -> list[Step]:
        """What was written since the last look, file after file, each file's in its own order.

        A line that is not complete yet is left for the next look; one that cannot be read is left out.
        """
        found = []
        for path in self._grown():
            engine = engine_of(path)
            for line in self._lines(path):
                try:
                    step = self._decode(line)
                except UNREADABLE:
                    continue
                step.engine = engine
                found.append(step)
        return found

    def _grown(self) -> list[Path]:
        """The files proper that have more than was read of them, in the order of their names."""
        found = []
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(self._events) as entries:
            for entry in entries:
                if entry.name.startswith("engine-") and entry.name.endswith(".jsonl"):
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(about.st_mode) and about.st_size > self._read.get(entry.name, 0):
                        found.append(entry.name)
        return [self._events / name for name in sorted(found)]

    def _lines(self, path: Path) -> list[bytes]:
        at = self._read.get(path.name, 0)
        try:
            with wary.opened(path) as file:
                file.seek(at)
                whole = file.read().rpartition(b"\n")[0]
        except OSError:
            return []  # a task has removed it meanwhile, or put a link in its place
        self._read[path.name] = at + len(whole) + bool(whole)
        return whole.splitlines()
