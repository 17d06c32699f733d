"""A timeline as Chrome trace events, piece by piece: engines as threads, tasks with their phases inside, counters."""

from collections.abc import Iterator
from typing import Any

import msgspec

from harness.views.timelines.columns import Scale, most_waiting
from harness.views.timelines.model import DIED, FAILED, OK, OPEN, PHASES, Span, Timeline

MOST_COUNTS = 5000
"""Values of the counter of waiting tasks at most."""
LEAST_PHASE = 10_000
"""Nanoseconds that a phase takes at the least to be drawn."""
_PID, _FIRST_THREAD = 1, 1000
"""Numbers for viewers; a thread of its process's number would be called the main one."""
_COLOURS = {FAILED: "terrible", DIED: "terrible", OPEN: "bad"}


def trace(timeline: Timeline) -> Iterator[bytes]:
    """A file in the JSON object form of the Trace Event Format; times in microseconds since the run's begin."""
    yield b'{"displayTimeUnit":"ms","traceEvents":[\n'
    separator = b""
    for event in _events(timeline):
        yield separator + msgspec.json.encode(event)
        separator = b",\n"
    yield b"\n]}\n"


def _events(timeline: Timeline) -> Iterator[dict[str, Any]]:
    threads = {engine: number for number, engine in enumerate(timeline.engines, _FIRST_THREAD)}
    yield {"ph": "M", "pid": _PID, "tid": 0, "name": "process_name", "args": {"name": "engines"}}
    for engine, tid in threads.items():
        yield {"ph": "M", "pid": _PID, "tid": tid, "name": "thread_name", "args": {"name": f"engine {engine}"}}
        yield {"ph": "M", "pid": _PID, "tid": tid, "name": "thread_sort_index", "args": {"sort_index": tid}}
    for span in timeline.spans:
        yield from _task(span, threads[span.engine], timeline.origin)
    for mark in timeline.marks:
        where = {"s": "g", "tid": 0} if mark.engine not in threads else {"s": "t", "tid": threads[mark.engine]}
        at = {"ts": _nanoseconds(mark.time - timeline.origin) / 1000}
        yield {"ph": "i", "pid": _PID, **where, "name": mark.text, "cat": mark.kind, **at}
    yield from _counters(timeline)


def _task(span: Span, tid: int, origin: float) -> Iterator[dict[str, Any]]:
    begin, end = _nanoseconds(span.start - origin), _nanoseconds(span.end - origin)
    about = {"task": span.task, "status": span.status, "queued_s": span.waited, "failure": span.failure or None}
    common = {"ph": "X", "pid": _PID, "tid": tid}
    name = f"{span.function} {span.group}" if span.group != span.function else span.function
    yield {
        **common,
        "name": name.strip() or f"task {span.task}",
        "cat": span.status,
        "ts": begin / 1000,
        "dur": (end - begin) / 1000,
        "args": {key: value for key, value in about.items() if value is not None},
        **({} if span.status == OK else {"cname": _COLOURS[span.status]}),
    }
    seconds = 0.0
    for phase, length in span.phases.items():
        # whole nanoseconds, the last of them at the task's end: a phase that ends later is not inside for viewers
        first = begin + _nanoseconds(seconds)
        seconds += length
        last = min(end, begin + _nanoseconds(seconds))
        if last - first >= LEAST_PHASE:
            called = PHASES.get(phase, phase)
            yield {**common, "name": called, "cat": "phase", "ts": first / 1000, "dur": (last - first) / 1000}


def _counters(timeline: Timeline) -> Iterator[dict[str, Any]]:
    for use in timeline.uses:
        ts = _nanoseconds(use.start - timeline.origin) / 1000
        yield _counter("cores", ts, {_who(one): round(cores, 3) for one, cores in use.cores.items()})
        yield _counter("cores of the whole machine", ts, {"busy": round(use.machine, 3)})
        yield _counter("memory in MB", ts, {_who(one): round(size / 1e6, 1) for one, size in use.memory.items()})
        yield _counter("threads", ts, {_who(one): count for one, count in use.threads.items()})
    if timeline.waiting:
        scale = Scale(timeline, min(MOST_COUNTS, 2 * len(timeline.waiting)))
        before = None
        for column, waiting in enumerate(most_waiting(timeline, scale)):
            if waiting != before:
                at = _nanoseconds(scale.start + column * scale.width - timeline.origin) / 1000
                yield _counter("tasks queued", at, {"tasks": waiting})
            before = waiting


def _counter(name: str, ts: float, values: dict[str, Any]) -> dict[str, Any]:
    return {"ph": "C", "pid": _PID, "tid": 0, "name": name, "ts": ts, "args": values}


def _who(engine: int | None) -> str:
    return "client" if engine is None else f"engine {engine}"


def _nanoseconds(seconds: float) -> int:
    return round(seconds * 1e9)
