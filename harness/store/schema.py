"""The types of what a run directory holds, written once, versioned; msgspec reads and writes them as JSON."""

from typing import Any

import msgspec

from harness.store.limits import Over

FORMAT = 1
OUTCOMES = ("crash", "hang", "exception", "wrong", "slow", "ok", "unknown")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """manifest.json: what was run, by what, when. Times are seconds since the epoch, UTC.

    `process` is the harness's process on `host`, (pid, birth), by which a run that goes on is told from one cut off.
    """

    format: int = FORMAT
    run: str
    target: str
    variant: str = "mine"
    file: str | None = None
    source_hash: str | None = None
    seed: int | None = None
    engines: int
    backend: str
    deadline: float | None = None
    versions: dict[str, str] = {}
    environment: dict[str, str] = {}
    host: str | None = None
    process: tuple[int, float] | None = None
    started: float
    ended: float | None = None


UNTOLD = "untold"
"""Status of a `reply` that many tasks share and that says nothing of this one; its `end` does, if there is one."""
NUMBERS = (int, float)
WHAT_EVENTS_SAY: dict[str, dict[str, type | tuple[type, ...]]] = {
    "received": {"bytes": NUMBERS},
    "raised": {"type": str, "message": str},
    "end": {"status": str, "seconds": dict, "bytes": NUMBERS},
    "reply": {"status": str},
    "engine-ready": {"pid": int},
    "death": {"pid": int},
}
"""What an event of a kind must say at the least for anybody to go by it, and of which type."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One line of events/*.jsonl. `engine` is None for what the client saw."""

    id: str
    kind: str
    time: float
    task: int | None = None
    data: dict[str, Any] = {}
    engine: int | None = None


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A task's failure. `event` is the id of the event that recorded it, `traceback` names files in tracebacks/."""

    task: int | None = None
    label: str = ""
    engine: int | None = None
    attempt: int = 1
    type: str
    message: str
    file: str | None = None
    line: int | None = None
    function: str | None = None
    event: str | None = None
    traceback: str | None = None


class Death(msgspec.Struct, frozen=True, kw_only=True):
    """An engine process that ended, not by the harness. Exactly one of exit_code and signal is known, or neither.

    `last_words` is the end of its raw output; file, line and function are the user's code that they name, if any.
    `memory` is the most that it ever had, in bytes; `out_of_memory` the evidence that this is what it died of.
    """

    engine: int
    pid: int
    task: int | None = None
    label: str = ""
    exit_code: int | None = None
    signal: int | None = None
    signal_name: str | None = None
    event: str | None = None
    file: str | None = None
    line: int | None = None
    function: str | None = None
    last_words: list[str] = []
    memory: int | None = None
    out_of_memory: str = ""


class Hang(msgspec.Struct, frozen=True, kw_only=True):
    """What was still going on at the deadline: on an engine, in the client (`engine` None), or queued.

    `why` says how it is known that it would never have ended, `waits` who waits for whom; both are empty for what
    was only too slow for the deadline.
    """

    engine: int | None = None
    task: int | None = None
    label: str = ""
    file: str | None = None
    line: int | None = None
    function: str | None = None
    source: str = ""
    event: str | None = None
    values: dict[str, str] = {}
    how_ended: str = ""
    why: str = ""
    waits: list[str] = []


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """The first place where a result differs from its reference."""

    where: str
    got: str
    expected: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """outcome.json: one outcome with its reason, any number of signs, and what they rest on.

    `failures` lists what ended tasks; `counters` are numbers such as tasks, bytes_out, bytes_back, busy_share; `over`
    are those that are beyond a declared limit.
    """

    outcome: str
    reason: str
    signs: list[str] = []
    failures: list[Failure] = []
    deaths: list[Death] = []
    hangs: list[Hang] = []
    difference: Difference | None = None
    counters: dict[str, float] = {}
    over: list[Over] = []
    result: str | None = None


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """A frame of a recorded traceback or stack, with its locals as bounded text."""

    file: str
    line: int
    function: str
    source: str = ""
    locals: dict[str, str] = {}


class Traceback(msgspec.Struct, frozen=True, kw_only=True):
    """tracebacks/<task>.json: an exception, its frames outermost first, what caused it, and a group's members."""

    type: str
    module: str = ""
    message: str
    notes: list[str] = []
    frames: list[Frame] = []
    frames_left_out: int = 0
    cause: "Traceback | None" = None
    explicit: bool = False
    members: list["Traceback"] = []
    members_left_out: int = 0


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """One thread of stacks/engine-<id>.json."""

    thread: str
    main: bool
    frames: list[Frame]
