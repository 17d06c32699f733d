"""What is known of an engine's process: who it is while it lives, its children, and how it ended."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

import psutil

_STATES = {psutil.STATUS_ZOMBIE: "Z", psutil.STATUS_DEAD: "X", psutil.STATUS_STOPPED: "T"}


@dataclass(frozen=True)
class EngineProcess:
    """One incarnation of an engine: a process on this machine.

    `id` is ipyparallel's engine id. `started` is in seconds since 1970 (UTC). `output` is the file that holds
    everything written to its descriptors 1 and 2, Python's prints included, and the last words of a fatal
    signal. `stacks` is the file to which a thread appends its stack when it gets a SIGUSR1 (None: don't send it).
    """

    id: int
    pid: int
    started: float
    output: Path | None
    stacks: Path | None


@dataclass(frozen=True)
class Death:
    """The end of an engine's process.

    Exactly one of `exit_code` and `signal` is set; both are None where the backend cannot know. `time` is in
    seconds since 1970 (UTC), `output` as in `EngineProcess`. `requested` is true when the harness ended the
    engine itself (replace, resize). `memory` is the most resident memory that it ever had, in bytes, where known.
    """

    engine: int
    pid: int
    exit_code: int | None
    signal: int | None
    signal_name: str | None
    time: float
    output: Path | None = None
    requested: bool = False
    memory: int | None = None


def state_and_birth(pid: int) -> tuple[str, float]:
    """A process's state, by the letter that `ps` shows, and when it was born: two of one number differ in that.

    Raises ProcessLookupError if there is none.
    """
    try:
        # psutil's create_time moves when the clock is set; Linux has ticks since boot, which do not
        if os.path.exists("/proc/self/stat"):
            with open(f"/proc/{pid}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
            return fields[0].decode(), float(fields[19])
        process = psutil.Process(pid)
        return _STATES.get(process.status(), "R"), process.create_time()
    except (FileNotFoundError, psutil.NoSuchProcess) as problem:
        raise ProcessLookupError(f"no process {pid}") from problem


def children(pid: int) -> list[int]:
    """Process ids of a process's children; empty if it has ended.

    Linux lists them. Elsewhere psutil finds them, which has it look at every process of the machine.
    """
    with contextlib.suppress(OSError):
        if lists := list(Path(f"/proc/{pid}/task").glob("*/children")):
            return [int(child) for listed in lists for child in listed.read_bytes().split()]
    with contextlib.suppress(psutil.NoSuchProcess):
        return [each.pid for each in psutil.Process(pid).children()]
    return []


def signal_name(number: int) -> str:
    """The name of a signal, `SIGKILL` for 9; `signal 63` for one without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
