"""How many cores the tour's processes, and the whole machine, keep busy; sampled in a thread."""

import os
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType

import psutil

ENGINE_MEMORY = 800_000_000  # bytes that an engine grows to once TensorFlow has worked in it, generously
INTERVAL = 0.25  # seconds; processor times come in steps of 10 ms


@dataclass(frozen=True)
class Sample:
    """Cores kept busy on average since the sample before: by the processes followed, and by all of the machine's."""

    time: float
    ours: float
    machine: float


class Sampler:
    """Samples while its `with` block runs; `samples` grows.

    A process counts from the first `follow` after its birth.
    """

    def __init__(self, interval: float = INTERVAL) -> None:
        self.samples: list[Sample] = []
        self._interval = interval
        self._followed: dict[int, psutil.Process] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="cores", daemon=True)

    def __enter__(self) -> "Sampler":
        self.follow()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(5)

    def follow(self, pids: Iterable[int] = ()) -> None:
        """Follow this process, its descendants of now, and `pids`, on top of those followed already."""
        me = psutil.Process()
        found = {process.pid: process for process in (me, *me.children(recursive=True))}
        for pid in pids:
            if psutil.pid_exists(pid):
                found.setdefault(pid, psutil.Process(pid))
        with self._lock:
            self._followed = found | self._followed

    def _sample(self) -> None:
        cores = psutil.cpu_count() or 1
        psutil.cpu_percent()
        then, before = time.time(), self._used()
        while not self._stop.wait(self._interval):
            now, used, machine = time.time(), self._used(), psutil.cpu_percent() / 100 * cores
            ours = sum(total - before[pid] for pid, total in used.items() if pid in before)
            self.samples.append(Sample(now, ours / (now - then), machine))
            then, before = now, used

    def _used(self) -> dict[int, float]:
        """Processor seconds used so far by each process that is followed and alive."""
        with self._lock:
            followed = list(self._followed.items())
        used = {}
        for pid, process in followed:
            try:
                times = process.cpu_times()
            except psutil.Error:
                with self._lock:
                    self._followed.pop(pid, None)
            else:
                used[pid] = times.user + times.system
        return used


def usable() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def engines() -> int:
    """How many engines suit this machine: one a core, at least 2, and no more than its free memory has room for."""
    return max(2, min(usable(), int(psutil.virtual_memory().available // ENGINE_MEMORY)))


def busy(samples: Iterable[Sample], begin: float, end: float) -> float | None:
    """Cores that the processes followed kept busy on average between two times; None without a sample in between."""
    within = [sample.ours for sample in samples if begin <= sample.time <= end]
    return sum(within) / len(within) if within else None
