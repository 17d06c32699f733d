"""The task that an engine is working on: its number, what it is called, and what it costs."""

import os
import resource
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
_PAGE = os.sysconf("SC_PAGE_SIZE")
_statm = -1
"""Descriptor of /proc/self/statm, kept open: to open it takes four times as long as to read it."""


@dataclass(slots=True)
class Task:
    """A task under way. `started` and `marks` (unpacked, begun, ran) are of perf_counter, `cpu` of process_time."""

    number: int
    started: float = field(default_factory=time.perf_counter)
    cpu: float = field(default_factory=time.process_time)
    peak: int = field(default_factory=lambda: peak_memory())
    function: str = ""
    label: str = ""
    marks: dict[str, float] = field(default_factory=dict)
    error: BaseException | None = None
    raised: dict[str, Any] | None = None
    noted: dict[str, Any] = field(default_factory=dict)
    lost: bool = False

    def __str__(self) -> str:
        return f"{self.number} {self.label}".strip()

    def cost(self) -> dict[str, Any]:
        """Seconds of each phase, CPU seconds of the process, its memory in bytes now; and its peak if it was now."""
        now = time.perf_counter()
        ran = self.marks.get("ran", now)
        unpacked = self.marks.get("unpacked", ran)
        begun = self.marks.get("begun", unpacked)
        peak = peak_memory()
        return {
            "seconds": {
                "unpack": unpacked - self.started,
                "wait": begun - unpacked,
                "run": ran - begun,
                "pack": now - ran,
            },
            "cpu": time.process_time() - self.cpu,
            "rss": resident(),
            "peak": peak if peak > self.peak else None,
        }


def named(function: Any) -> str:
    """A function's name, or its type's."""
    name = getattr(function, "__name__", None)
    return name if isinstance(name, str) else type(function).__name__


def label_of(arguments: Any, depth: int = 3) -> str:
    """What a task is about, for log lines: the first short word among its arguments, such as `amzn`; else nothing."""
    if isinstance(arguments, str):
        return arguments if 0 < len(arguments) <= 16 and arguments.replace("_", "").replace("-", "").isalnum() else ""
    if isinstance(arguments, (list, tuple)) and depth:
        return next((found for one in arguments[:4] if (found := label_of(one, depth - 1))), "")
    return ""


def size_of(buffers: Iterable[Any]) -> int:
    """Bytes of a message's parts."""
    return sum([memoryview(part).nbytes for part in buffers])


def resident() -> int:
    """Resident memory in bytes; 0 where /proc does not tell."""
    global _statm
    try:
        return _resident(_statm)
    except (OSError, ValueError, IndexError):
        pass  # it is not open yet, or a task closed it: the number may be that of a file of its own by now
    try:
        _statm = os.open("/proc/self/statm", os.O_RDONLY)
        return _resident(_statm)
    except OSError:
        return 0


def _resident(statm: int) -> int:
    return int(os.pread(statm, 100, 0).split()[1]) * _PAGE


def peak_memory() -> int:
    """The most resident memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
