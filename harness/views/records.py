"""Engine logs read back: records with all their lines, one engine's in its own order, all engines' merged by time."""

import heapq
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from harness.store import Run, wary

LONGEST_LINE = 20_000
MOST_LINES = 2_000
LEVELS = {"TRACE": 5, "DEBUG": 10, "INFO": 20, "SUCCESS": 25, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
_HEAD = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})Z \| engine (?P<engine>\d+) \| "
    r"task (?P<task>-|\d+)(?: (?P<label>[^|]*?))? \| (?P<level>[^|]+?) \| "
)


class Record(msgspec.Struct, frozen=True):
    """One record of an engine's log. `time` is its text, UTC, which sorts as the time does; `lines` are as written."""

    time: str
    engine: int
    task: int | None
    level: str
    lines: tuple[str, ...]

    @property
    def severity(self) -> int:
        """The level's number as loguru has it; a level nobody knows counts as ERROR, so that no filter hides it."""
        if (known := LEVELS.get(self.level)) is not None:
            return known
        number = self.level.removeprefix("Level ")
        return int(number) if number.isdigit() else LEVELS["ERROR"]


class Gatherer:
    """Puts lines together to records: a record begins at a line with its head, all lines up to the next belong to it.

    Lines before the first head (a file whose beginning was lost) make a record without a task, with no time.
    """

    def __init__(self, engine: int) -> None:
        self._engine = engine
        self._head: re.Match[str] | None = None
        self._lines: list[str] = []
        self._left_out = 0

    def take(self, line: str) -> Record | None:
        """Take one line; returns the record that it shows to be complete, if there is one."""
        head = _HEAD.match(line)
        if head is None:
            if len(self._lines) < MOST_LINES:
                self._lines.append(line)
            else:
                self._left_out += 1
            return None
        complete = self.rest()
        self._head, self._lines = head, [line]
        return complete

    def rest(self) -> Record | None:
        """The record under way, complete now because nothing follows."""
        if not self._lines:
            return None
        if self._left_out:
            self._lines.append(f"... {self._left_out} lines of this record left out ...")
        head, lines = self._head, tuple(self._lines)
        self._head, self._lines, self._left_out = None, [], 0
        if head is None:
            return Record("", self._engine, None, "INFO", lines)
        task = None if head["task"] == "-" else int(head["task"])
        return Record(head["time"], self._engine, task, head["level"], lines)


def lines_of(path: Path) -> Iterator[str]:
    """A file's lines, never more of it in memory than one line's first 20,000 characters; `\\n` alone ends a line."""
    with io.TextIOWrapper(wary.opened(path), encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        while line := file.readline(LONGEST_LINE):
            if line.endswith("\n"):
                yield line[:-1]
                continue
            cut = 0
            while not line.endswith("\n") and (more := file.readline(LONGEST_LINE)):
                cut += len(more)
                if more.endswith("\n"):
                    break
                if cut > wary.MOST:
                    yield f"{line}... (a line without end; the rest of the file is left out)"
                    return
            yield line.rstrip("\n") + (f"... ({cut} characters more)" if cut else "")


def records_of(run: Run, engine: int) -> Iterator[Record]:
    """One engine's records, oldest first, from its rotated files and the last one."""
    gatherer = Gatherer(engine)
    for path in run.log_files().get(engine, []):
        for line in lines_of(path):
            if record := gatherer.take(line):
                yield record
    if record := gatherer.rest():
        yield record


def _timed(records: Iterable[Record]) -> Iterator[tuple[str, Record]]:
    latest = ""
    for record in records:
        latest = max(latest, record.time)
        yield latest, record


def merged(streams: Iterable[Iterable[Record]]) -> Iterator[Record]:
    """Records of several engines by time; each engine's keep their own order even where its clock went back."""
    for _, record in heapq.merge(*(_timed(stream) for stream in streams), key=lambda timed: timed[0]):
        yield record
