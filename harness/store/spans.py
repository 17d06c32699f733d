"""What each engine was at when: attempts at tasks with their phases, and marks, from a run's events as they come."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from harness.store.reader import Run
from harness.store.samples import LATEST
from harness.store.schema import Event

OK, FAILED, DIED, OPEN = "ok", "failed", "died", "open"
"""How an attempt at a task ended; open: its end is not in the record."""
PHASES = {
    "unpack": "deserialise",
    "wait": "wait to meet",
    "import": "import",
    "run": "compute",
    "pack": "serialise",
}
"""Phases of a task as engines write them, in their order, and what they are called. Unknown ones keep their name.

What a task loads is a part of `run`: it has no seconds of its own (why not: see `harness.engine.costs`), but `Files`.
"""
MARKS = {
    "death": "engine died",
    "engine-replaced": "engine replaced",
    "interrupted": "task interrupted",
    "not-stopped": "task not stopped",
    "deadline": "deadline",
    "endless": "proven to wait for ever",
}
_STOPS = ("death", "engine-replaced")
_KINDS = ("submitted", "engine-ready", "received", "begin", "raised", "end", "engine-closed", *MARKS)
_MEASURED = {"unpack", "wait", "run", "pack"}
"""The phases that engines measure one after the other."""
_MOST_PHASES = 12
_LONGEST = 80
"""Characters of a name that a task may have chosen."""
_LARGEST = 2**31
_MOST_BYTES = 2**53


class Files(NamedTuple):
    """What a task opened for reading: how many files, bytes in them together, how many opened before on the engine."""

    opened: int = 0
    size: int = 0
    again: int = 0

    def and_more(self, others: "Files") -> "Files":
        """Both together."""
        return Files(*(one + other for one, other in zip(self, others, strict=True)))


@dataclass(slots=True)
class Span:
    """An attempt at a task on an engine. Times in seconds since the epoch, `waited` in seconds until it was there.

    group: what it is coloured by, such as its company. phases: name to seconds, in their order, which fill the span.
    files: if that was measured, and there were any. Names are as the task had them, but bounded in length.
    """

    engine: int
    task: int
    start: float
    end: float = -1.0
    status: str = OPEN
    group: str = ""
    function: str = ""
    waited: float | None = None
    failure: str = ""
    phases: dict[str, float] = field(default_factory=dict)
    files: Files | None = None

    @property
    def length(self) -> float:
        return self.end - self.start


class Mark(NamedTuple):
    """Something at one moment, of one engine or (None) of the run; `kind` as in MARKS."""

    time: float
    kind: str
    engine: int | None = None
    more: str = ""

    @property
    def text(self) -> str:
        return f"{MARKS[self.kind]}{f' ({self.more})' if self.more else ''}"


class Sent(NamedTuple):
    """A task's being sent; time in seconds since the epoch."""

    task: int
    time: float


def followed(run: Run) -> Iterator[Span | Mark | Sent]:
    """What happened in a run, see `following`."""
    return following(run.stream(*_KINDS))


def following(events: Iterable[Event]) -> Iterator[Span | Mark | Sent]:
    """What was sent and marks as they come, a span when it ends. What makes no sense is left out, whoever wrote it.

    A span without an end in the record lasts until its engine died, was replaced, or began the next; else until the
    last event. In memory are only what waits and what is under way: a run can have more tasks than fit.
    """
    waiting: dict[int, float] = {}
    under_way: dict[int, Span] = {}
    latest = 0.0
    for event in events:
        kind, time, task, engine = event.kind, event.time, event.task, event.engine
        if kind not in _KINDS or not 0 <= time < LATEST or (task is not None and not 0 <= task < _LARGEST):
            continue
        latest = max(latest, time)
        if engine is None:
            if kind == "submitted" and task is not None:
                waiting.setdefault(task, time)
                yield Sent(task, time)
            elif kind in MARKS:
                mark = _mark(event)
                if kind in _STOPS and mark.engine in under_way:
                    _stop(under_way[mark.engine], mark)
                yield mark
        elif kind == "received":
            if task is not None:
                if engine in under_way:
                    yield _closed(under_way[engine], time)
                sent = waiting.pop(task, None)
                under_way[engine] = Span(engine, task, time, waited=None if sent is None else max(0.0, time - sent))
        elif (span := under_way.get(engine)) is not None and task == span.task:
            _note(span, event)
            if kind == "end":
                yield under_way.pop(engine)
    for span in under_way.values():
        yield _closed(span, latest)


def _note(span: Span, event: Event) -> None:
    data = event.data
    if event.kind == "begin":
        span.function = _name(data.get("function"))
        span.group = _name(data.get("label")) or span.function
    elif event.kind == "raised":
        line = f" in {data.get('function')} line {data.get('line')}" if data.get("function") else ""
        span.failure = f"{data['type']}{line}"[:_LONGEST]
    elif event.kind == "end":
        span.end = max(span.start, event.time)
        span.status = OK if data["status"] == "ok" else FAILED
        span.phases = laid_out(data["seconds"], span.end - span.start)
        span.files = _files(data.get("loads"))


def _stop(span: Span, mark: Mark) -> None:
    """Let it end with the first that befell its engine, unless its own end is still to come."""
    if span.start <= mark.time and (span.end < 0 or mark.time < span.end):
        span.end, span.status = mark.time, DIED if mark.kind == "death" else OPEN


def _closed(span: Span, limit: float) -> Span:
    limit = max(span.start, limit)
    if not 0 <= span.end <= limit:
        span.end, span.status = limit, OPEN
    return span


def _mark(event: Event) -> Mark:
    data = event.data
    engine = data.get("engine")
    more = ""
    if event.kind == "death":
        signal, code = data.get("signal_name"), data.get("exit_code")
        more = _name(signal) if signal else f"exit code {code}" if isinstance(code, int) else ""
    elif event.task is not None:
        more = f"task {event.task}"
    return Mark(event.time, event.kind, engine if isinstance(engine, int) else None, more)


def _files(loads: Any) -> Files | None:
    if not isinstance(loads, list) or len(loads) != len(Files._fields):
        return None
    return Files(*loads) if all(type(one) is int and 0 <= one < _MOST_BYTES for one in loads) and loads[0] else None


def _name(value: Any) -> str:
    return str(value or "")[:_LONGEST]


def laid_out(seconds: dict[str, float], length: float) -> dict[str, float]:
    """The phases of a task in their order, made to fill `length` seconds.

    Phases beyond the four that engines measure one after the other are a part of `run`, if that makes their sum fit
    better; when they were during it is not recorded, and they are put before what is left of it.
    """
    found = {name: _bounded(seconds[name]) for name in PHASES if name in seconds}
    if len(found) < len(seconds):
        unknown = [name for name in seconds if name not in PHASES][: _MOST_PHASES - len(found)]
        found |= {name[:_LONGEST]: _bounded(seconds[name]) for name in unknown}
    total = sum(found.values())
    if "run" in found and not found.keys() <= _MEASURED:
        more = sum(value for name, value in found.items() if name not in _MEASURED)
        if abs(total - more - length) < abs(total - length):
            found["run"] = max(0.0, found["run"] - more)
            total = sum(found.values())
    return {name: value / total * length for name, value in found.items() if value > 0} if total > 0 else {}


def _bounded(seconds: float) -> float:
    return seconds if 0 <= seconds <= LATEST else min(max(0.0, seconds), LATEST)
