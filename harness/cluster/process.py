"""What is known of an engine's process: who it is while it lives, and how it ended."""

import signal
from dataclasses import dataclass
from pathlib import Path


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


def signal_name(number: int) -> str:
    """The name of a signal, `SIGKILL` for 9; `signal 63` for one without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
