"""Engine logs followed while a run goes on, through rotations and engines that come later."""

import contextlib
import io
import itertools
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from harness.store import Run, wary
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
            for engine in run.log_files():
                if engine not in tails and wanted.engine in (None, engine):
                    tails[engine] = _Tail(run, engine)
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
    """One engine's log while it grows: reads on where it stopped, and on to the next file after a rotation."""

    def __init__(self, run: Run, engine: int) -> None:
        self._run = run
        self._engine = engine
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
        yield from self._read()
        while (following := self._following()) is not None:
            try:
                plain = wary.opened(following)
                opened = io.TextIOWrapper(plain, encoding="utf-8", errors="backslashreplace", newline="\n")
            except OSError:
                continue  # renamed since: look again
            yield from self._read()  # what came after the first reading and before the rotation
            self.close()
            self._file = opened
            yield from self._read()
        if over and self._part:
            line, self._part = self._part, ""
            yield line

    def _following(self) -> Path | None:
        """The file after the one being read, wherever a rotation has moved that; None if it is the last."""
        files = self._run.log_files().get(self._engine, [])
        if self._file is None:
            return files[0] if files else None
        mine = os.fstat(self._file.fileno())
        if mine.st_nlink == 0:  # so old that it was removed: all that are there came later
            return files[0] if files else None
        for path, later in itertools.pairwise(files):
            with contextlib.suppress(FileNotFoundError):
                there = path.stat()
                if (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino):
                    return later
        return None

    def _read(self) -> Iterator[str]:
        while self._file is not None and (piece := self._file.readline(LONGEST_LINE)):
            self._part += piece
            if piece.endswith("\n") or len(self._part) > LONGEST_LINE:
                line, self._part = self._part.rstrip("\n"), ""
                yield line

    def close(self) -> None:
        """Close the file being read."""
        if self._file is not None:
            self._file.close()
            self._file = None
