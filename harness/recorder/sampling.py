"""A thread that samples, while a run goes on, which processor time, memory and threads its processes use."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from harness.store.samples import Sample, SampleFile, Usage

FIRST, LONGEST = 0.1, 5.0
"""Seconds between two samples, at the least and at the most."""
SHARE = 0.01
"""A sample comes when the run has grown by this share of its length: a thousand of them in the first hour."""
COST = 0.0007
"""The share of one core that sampling may take, however many processes there are."""
END = 2.0
"""Seconds that the thread has to end."""
_TICKS, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


class Sampler:
    """Samples into a run directory from `open` to `close`.

    pids: called at each sample, the engines' processes on this machine by engine; one that is gone is left out. Where
    the system has no /proc nothing is sampled. spoilt: called once, with the reason, if samples can't be written.
    """

    def __init__(
        self, folder: Path, pids: Callable[[], Mapping[int, int]], spoilt: Callable[[OSError], object]
    ) -> None:
        self._folder = folder
        self._pids = pids
        self._spoilt = spoilt
        self._over = threading.Event()
        self._cores = psutil.cpu_count() or 1
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Take the first sample, and go on in a thread."""
        if not Path("/proc/self/stat").exists():
            return
        try:
            file = SampleFile(self._folder)
        except OSError as problem:
            self._spoilt(problem)
            return
        if not self._took(file):
            file.close()
            return
        self._thread = threading.Thread(target=self._follow, args=(file,), name="harness-samples", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take the last sample and end the thread. May be repeated."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(END)

    def _follow(self, file: SampleFile) -> None:
        begin, taken, over = time.monotonic(), 0.0, False
        with contextlib.closing(file):
            while not over:
                grown = SHARE * (time.monotonic() - begin)
                over = self._over.wait(min(LONGEST, max(FIRST, grown, taken / COST)))
                before = time.thread_time()
                over = not self._took(file) or over
                taken = time.thread_time() - before

    def _took(self, file: SampleFile) -> bool:
        """Take a sample; whether it could be written."""
        try:
            file.write(sample(self._pids(), self._cores))
        except OSError as problem:
            self._spoilt(problem)
            return False
        return True


def sample(pids: Mapping[int, int], cores: int) -> Sample:
    """What the engines with these processes, this process and the machine have used by now."""
    used = {engine: usage for engine, pid in pids.items() if (usage := usage_of(pid)) is not None}
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    # time of guests is counted among the user's already
    busy = sum(times) - idle - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    return Sample(time=time.time(), cores=cores, busy=round(busy, 2), client=usage_of(os.getpid()), engines=used)


def usage_of(pid: int) -> Usage | None:
    """What a process has used, from one read of /proc/PID/stat (see man 5 proc); None if it has ended."""
    try:
        file = os.open(f"/proc/{pid}/stat", os.O_RDONLY)
    except OSError:
        return None
    try:
        fields = os.read(file, 4096).rpartition(b")")[2].split()
    except ProcessLookupError:
        return None
    finally:
        os.close(file)
    if fields[0] in (b"Z", b"X"):
        return None
    return Usage(pid, (int(fields[11]) + int(fields[12])) / _TICKS, int(fields[21]) * _PAGE, int(fields[17]))
