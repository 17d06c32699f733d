"""What benchmarks share: spreads, intervals, growth, memory, and the machine that they ran on."""

import contextlib
import ctypes
import os
import platform
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from math import comb, inf, log, sqrt
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

import psutil

PACKAGES = (
    "ipyparallel", "ipykernel", "pyzmq", "numpy", "pandas", "nltk", "tensorflow-cpu", "tensorflow", "keras",
    "cloudpickle", "joblib", "distributed", "ray",
)  # fmt: skip
T_975 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
         2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086)  # fmt: skip
"""Student's t, 97.5 %, for 1 to 20 degrees of freedom; after these, the normal distribution's."""
NORMAL_975 = 1.960


def spread(values: Sequence[float]) -> dict[str, float]:
    """The median, the least and the most of some values."""
    return {"median": median(values), "least": min(values), "most": max(values)}


def interval_of_mean(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the mean of a normal distribution that the values come from, by Student's t.

    Without end if there is one value only.
    """
    freedom = len(values) - 1
    if freedom < 1:
        return -inf, inf
    half = (T_975[freedom - 1] if freedom <= len(T_975) else NORMAL_975) * stdev(values) / sqrt(len(values))
    return mean(values) - half, mean(values) + half


def interval_of_median(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the median of any distribution that the values come from; without end if there are few.

    From one value to another, both as far from the end of the ordered values as the binomial distribution allows:
    Conover, Practical Nonparametric Statistics, 3rd edition, section 3.2.
    """
    ordered, count, left_out = sorted(values), len(values), 0
    while 40 * sum(comb(count, below) for below in range(left_out + 1)) <= 2**count:  # 2.5 % at either end
        left_out += 1
    return (ordered[left_out - 1], ordered[count - left_out]) if left_out else (-inf, inf)


def cpu_seconds(pid: int) -> float:
    """Seconds of processor time that a process has used, all of its threads, those that ended too.

    By its own clock, see man 3 clock_getcpuclockid, where there is one: /proc counts hundredths of a second, too coarse
    for what takes a few. Raises psutil.NoSuchProcess.
    """
    clock = ctypes.c_int()
    if (clock_of := getattr(ctypes.CDLL(None), "clock_getcpuclockid", None)) and not clock_of(pid, ctypes.byref(clock)):
        return time.clock_gettime(clock.value)
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


@contextlib.contextmanager
def memory_of(processes: Callable[[], list[psutil.Process]], every: float) -> Iterator[list[int]]:
    """Look `every` so many seconds while the block runs; the list has what all processes held together at each look.

    Bytes, with shared pages divided among those that share them (PSS, on Linux), else those that are a process's own.
    Which processes there are is asked at every tenth look.
    """
    looks: list[int] = []
    over = threading.Event()

    def look() -> None:
        known: list[psutil.Process] = []
        while not over.is_set():
            if len(looks) % 10 == 0:
                known = processes()
            looks.append(sum(map(_held, known)))
            over.wait(every)

    looking = threading.Thread(target=look, name="memory", daemon=True)
    looking.start()
    try:
        yield looks
    finally:
        over.set()
        looking.join()


def _held(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error, OSError):
        held = process.memory_full_info()
        return getattr(held, "pss", held.uss)
    return 0


def growth(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The exponent k of cost = c · size^k through the first and the last point: 1 is in proportion, 2 quadratic."""
    return log(costs[-1] / costs[0]) / log(sizes[-1] / sizes[0])


def machine() -> dict[str, Any]:
    """What the figures depend on: the processor, memory, system, versions, and how busy the machine is now."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory, GB": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "packages": versions,
        "load at start": round(psutil.getloadavg()[0], 2),
        "date": time.strftime("%Y-%m-%d %H:%M", time.gmtime()) + " UTC",
    }


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
