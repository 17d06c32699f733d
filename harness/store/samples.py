"""Samples of what a run's processes and the whole machine used: `samples.jsonl` in the run directory, one a line."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from harness.store import wary

FILE = "samples.jsonl"
LATEST = 1e11
"""Seconds since the epoch that no clock shows: what claims to be later was not written by the harness."""


class Usage(msgspec.Struct, frozen=True, array_like=True):
    """One process until now: its processor time in seconds since it began, resident memory in bytes, threads."""

    pid: int
    cpu: float
    rss: int
    threads: int


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of a run: the client, the engines that are on this machine, and the machine as a whole.

    time: seconds since the epoch. busy: seconds that all cores together have been busy since the machine began.
    """

    time: float
    cores: int
    busy: float
    client: Usage | None = None
    engines: dict[int, Usage] = {}


class SampleFile:
    """Appends samples to a run directory. Raises OSError where that can't be done."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self._identity = self._which()

    def _which(self) -> tuple[int, int]:
        found = os.fstat(self._descriptor)
        return found.st_dev, found.st_ino

    def write(self, sample: Sample) -> None:
        if self._which() != self._identity:  # the program closed all descriptors, and has its own file here now
            raise OSError(errno.EBADF, "the file of samples was closed by the program")
        os.write(self._descriptor, msgspec.json.encode(sample) + b"\n")

    def close(self) -> None:
        with contextlib.suppress(OSError):
            if self._which() == self._identity:
                os.close(self._descriptor)


def samples(folder: Path) -> Iterator[Sample]:
    """The samples of a run directory, oldest first; none where there is no such file, as in runs of older versions.

    What can't be read, or goes back in time, is left out.
    """
    decode = msgspec.json.Decoder(Sample).decode
    latest = float("-inf")
    try:
        for line in wary.lines(folder / FILE):
            try:
                sample = decode(line)
            except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
                continue
            if latest < sample.time < LATEST and sample.cores > 0:
                latest = sample.time
                yield sample
    except OSError:
        return
