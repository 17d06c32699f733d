"""Whether the kernel killed a process because memory ran out: what control groups count and the kernel's log says."""

import os
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import psutil

GROUPS = Path("/sys/fs/cgroup")
KERNEL_LOG = Path("/dev/kmsg")
_COUNT = re.compile(r"^oom_kill (\d+)", re.MULTILINE)
_NEAR = 0.9
_WORDS = ("MemoryError", "std::bad_alloc", "Cannot allocate memory", "out of memory", "OutOfMemory")


@dataclass(frozen=True)
class MemoryWatch:
    """The control groups that processes are in, and how often the kernel had killed for memory there at the begin."""

    groups: dict[int, Path] = field(default_factory=dict)
    killed_before: dict[Path, int] = field(default_factory=dict)


def begin(pids: Collection[int]) -> MemoryWatch:
    """Note the groups of these processes; empty where the system has none."""
    groups = {pid: group for pid in pids if (group := _group(pid)) is not None}
    return MemoryWatch(groups, {group: _killed(group) for group in set(groups.values())})


def evidence(watch: MemoryWatch, pid: int, killed: bool, peak: int | None, last_words: Collection[str]) -> str:
    """Why a process that ended is known to have run out of memory; empty if nothing says so.

    killed: whether it ended by SIGKILL; peak: the most resident memory that it had, in bytes; last_words: what it
    wrote at the end.
    """
    if killed:
        if f"Killed process {pid} (" in _kernel_log():
            return "the kernel's log says that it killed the process because memory ran out"
        group = watch.groups.get(pid)
        if group is not None and _killed(group) > watch.killed_before.get(group, 0):
            return f"the kernel killed for memory in its control group {group.name} during the run"
        total = psutil.virtual_memory().total
        if peak is not None and peak > _NEAR * total:
            return f"it had {peak / total:.0%} of the machine's memory when it was killed"
        return ""
    return next((line.strip() for line in last_words if any(word in line for word in _WORDS)), "")


def _group(pid: int) -> Path | None:
    """The folder of the memory group that a process is in, of either version of control groups."""
    try:
        lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    except OSError:
        return None
    named = {controllers: name.lstrip("/") for _, controllers, name in (line.split(":", 2) for line in lines)}
    for folder, controllers, file in (
        (GROUPS / "memory", "memory", "memory.oom_control"),
        (GROUPS, "", "memory.events"),
        (GROUPS / "unified", "", "memory.events"),
    ):
        # inside a container the group that it sees as its own is the root
        for group in (folder / named.get(controllers, "-"), folder):
            if controllers in named and (group / file).exists():
                return group
    return None


def _killed(group: Path) -> int:
    for name in ("memory.events", "memory.oom_control"):
        try:
            found = _COUNT.search((group / name).read_text())
        except OSError:
            continue
        return int(found[1]) if found else 0
    return 0


def _kernel_log() -> str:
    """What the kernel's log holds now; empty if this user may not read it."""
    found = []
    try:
        log = os.open(KERNEL_LOG, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return ""
    try:
        while record := os.read(log, 8192):
            found.append(record)
    except OSError:
        pass  # the end of what there is: EAGAIN
    finally:
        os.close(log)
    return b"".join(found).decode(errors="replace")
