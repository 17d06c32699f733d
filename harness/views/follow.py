"""Engine logs followed while a run goes on, through rotations and engines that come later."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from harness.store import Run
from harness.views.logs import Wanted
from harness.views.records import LONGEST_LINE, Gatherer, Record, merged

POLL = 0.1


def follow(run: Run, wanted: Wanted, ended: Callable[[], bool], first: int | None = None) -> Iterator[Record]:
    """The run's wanted records so far (the last `first` of them), then those to come, until `ended` says none will.

    Looks every 0.1 s; what came between two looks is merged by time.
    """
    tails: dict[int, _Tail] = {}
    try:
        while True:
            over = ended()
            for engine, files in run.log_files().items():
                if engine not in tails and wanted.engine in (None, engine):
                    tails[engine] = _Tail(engine, files)
            new: Iterable[Record] = merged(filter(wanted, tail.grown(over)) for tail in tails.values())
            yield from deque(new, maxlen=first) if first is not None else new
            if over:
                return
            first = None
            time.sleep(POLL)
    finally:
        for tail in tails.values():
            tail.close()


class _Tail:
    """One engine's log while it grows: reads on where it stopped, and on to the new file after a rotation."""

    def __init__(self, engine: int, files: list[Path]) -> None:
        self._waiting = deque(files)
        self._path = files[-1]
        self._gatherer = Gatherer(engine)
        self._file: TextIO | None = None
        self._part = ""

    def grown(self, over: bool) -> Iterator[Record]:
        """Records complete by now. The one under way counts as complete if nothing new came, or all is over."""
        quiet = True
        for line in self._new_lines(over):
            quiet = False
            if record := self._gatherer.take(line):
                yield record
        if (quiet or over) and (record := self._gatherer.rest()):
            yield record

    def _new_lines(self, over: bool) -> Iterator[str]:
        while self._file is not None or self._open():
            yield from self._read()
            if self._waiting or self._rotated():
                yield from self._read()
                self.close()
            else:
                break
        if over and self._part:
            line, self._part = self._part, ""
            yield line

    def _open(self) -> bool:
        path = self._waiting.popleft() if self._waiting else self._path
        try:
            self._file = path.open(encoding="utf-8", errors="backslashreplace", newline="\n")
        except FileNotFoundError:
            return bool(self._waiting)
        return True

    def _read(self) -> Iterator[str]:
        while self._file is not None and (piece := self._file.readline(LONGEST_LINE)):
            self._part += piece
            if piece.endswith("\n") or len(self._part) > LONGEST_LINE:
                line, self._part = self._part.rstrip("\n"), ""
                yield line

    def _rotated(self) -> bool:
        """Whether another file now stands under the log's name than the one being read."""
        assert self._file is not None
        mine = os.fstat(self._file.fileno())
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        return (mine.st_dev, mine.st_ino) != (there.st_dev, there.st_ino)

    def close(self) -> None:
        """Close the file being read."""
        if self._file is not None:
            self._file.close()
            self._file = None
