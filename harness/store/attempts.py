"""What a run's events tell of each attempt at a task: where, when, at what cost, and which output was its own."""

from dataclasses import dataclass, field

from harness.store import wary
from harness.store.reader import Run
from harness.store.schema import UNTOLD, Event

MOST_OUTPUT = 1_000_000
"""Bytes of one attempt's output that are read; what is recorded of one is less, unless its engine died."""


@dataclass(slots=True)
class Attempt:
    """One attempt at a task. Times are seconds since the epoch, None for what did not come; sizes in bytes.

    `seconds` are those of unpacking, waiting to meet, running and packing; `cpu` of the engine's process. `memory` is
    resident at the end, `peak` the most the process ever had, if that was during this attempt. `output` are positions
    in the engine's raw output, its end None if the engine ended first. `status` is ok, error, or empty.
    """

    task: int
    number: int = 1
    engine: int | None = None
    pid: int | None = None
    function: str = ""
    label: str = ""
    submitted: float | None = None
    received: float | None = None
    begun: float | None = None
    ended: float | None = None
    replied: float | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    cpu: float | None = None
    memory: int | None = None
    peak: int | None = None
    sent: int | None = None
    back: int | None = None
    output: tuple[int, int | None] | None = None
    status: str = ""


def attempts(run: Run, task: int | None = None) -> list[Attempt]:
    """The attempts at one task, or at all, by task; a task that no engine received has one without an engine."""
    by_task: dict[int, list[Attempt]] = {}
    under_way: dict[int | None, Attempt] = {}
    for event in run.stream():
        if event.kind == "engine-ready" and (left := under_way.pop(event.engine, None)) and left.output:
            left.output = (left.output[0], event.data.get("output"))
        elif event.task is None or task not in (None, event.task):
            continue
        elif event.kind == "submitted":
            by_task.setdefault(event.task, []).append(Attempt(event.task, submitted=event.time))
        elif event.kind == "received":
            under_way[event.engine] = _received(by_task.setdefault(event.task, []), event)
        elif event.kind == "reply":
            for attempt in by_task.get(event.task, [])[-1:]:
                attempt.replied = event.time
                if (told := event.data.get("status", "")) != UNTOLD:
                    attempt.status = told
        elif (current := under_way.get(event.engine)) and current.task == event.task:
            _note(current, event)
            if event.kind == "end":
                del under_way[event.engine]
    return [attempt for task in sorted(by_task) for attempt in by_task[task]]


def _received(known: list[Attempt], event: Event) -> Attempt:
    assert event.task is not None
    if not known or known[-1].engine is not None:
        submitted = known[0].submitted if known else None
        known.append(Attempt(event.task, len(known) + 1, submitted=submitted))
    attempt = known[-1]
    attempt.engine, attempt.received, attempt.sent = event.engine, event.time, event.data.get("bytes")
    if isinstance(begin := event.data.get("output"), int):
        attempt.output = (begin, None)
    return attempt


def _note(attempt: Attempt, event: Event) -> None:
    data = event.data
    if event.kind == "begin":
        attempt.begun, attempt.pid = event.time, data.get("pid")
        attempt.function, attempt.label = data.get("function", ""), data.get("label", "")
    elif event.kind == "end":
        attempt.ended, attempt.status = event.time, data.get("status", "")
        attempt.seconds, attempt.cpu, attempt.back = data.get("seconds", {}), data.get("cpu"), data.get("bytes")
        attempt.memory, attempt.peak = data.get("rss"), data.get("peak")
        if isinstance(output := data.get("output"), list) and len(output) == 2:
            attempt.output = (output[0], output[1])


def output_of(run: Run, attempt: Attempt) -> str:
    """What the attempt wrote to stdout and stderr, in that order in which it came; of an engine that died, to its end.

    At most 1 MB of it: the beginning.
    """
    path = run.folder / f"engine-{attempt.engine}.out"
    if attempt.output is None or not wary.is_plain(path) or attempt.output[0] > path.stat().st_size:
        return ""
    begin, end = attempt.output
    with wary.opened(path) as file:
        file.seek(max(0, begin))
        size = MOST_OUTPUT if end is None else max(0, min(MOST_OUTPUT, end - begin))
        return file.read(size).decode("utf-8", "backslashreplace")
