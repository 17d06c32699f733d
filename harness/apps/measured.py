"""What benchmarks share: spreads, intervals, and the machine that they ran on."""

import contextlib
import os
import platform
import time
from collections.abc import Sequence
from importlib import metadata
from math import inf, sqrt
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
