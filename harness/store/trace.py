"""A run as Chrome trace events, which Perfetto opens: engines as threads, tasks as bars with their phases inside."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from harness.store.reader import Run
from harness.store.schema import Event
from harness.store.spans import DIED, FAILED, OK, OPEN, PHASES, Mark, Span, following

LEAST_PHASE = 100_000
"""Nanoseconds that a phase takes at the least to be drawn."""
PID, _FIRST_THREAD = 1, 1000
"""Numbers for viewers; a thread of its process's number would be called the main one."""
_COLOURS = {FAILED: "terrible", DIED: "terrible", OPEN: "bad"}


def file_of(events: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A file in the JSON object form of the Trace Event Format, one event a line."""
    encode = msgspec.json.Encoder().encode
    yield b'{"displayTimeUnit":"ms","traceEvents":['
    separator = b"\n"
    for event in events:
        yield separator + encode(event)
        separator = b",\n"
    yield b"\n]}\n"


def bars(run: Run, events: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """Threads, tasks, their phases and marks, one after the other; times in microseconds since the run's begin.

    A bar comes when its task ends, before its phases and after all that ended before on its engine. events: the run's,
    by time.
    """
    origin = run.manifest.started
    threads = {engine: number for number, engine in enumerate(run.engines, _FIRST_THREAD)}
    yield {"ph": "M", "pid": PID, "tid": 0, "name": "process_name", "args": {"name": "engines"}}
    for engine, tid in threads.items():
        yield {"ph": "M", "pid": PID, "tid": tid, "name": "thread_name", "args": {"name": f"engine {engine}"}}
        yield {"ph": "M", "pid": PID, "tid": tid, "name": "thread_sort_index", "args": {"sort_index": tid}}
    for found in following(events):
        if isinstance(found, Span):
            yield from _task(found, threads[found.engine], origin)
        elif isinstance(found, Mark):
            thread = threads.get(found.engine) if found.engine is not None else None
            where = {"s": "g", "tid": 0} if thread is None else {"s": "t", "tid": thread}
            at = {"ts": nanoseconds(found.time - origin) / 1000}
            yield {"ph": "i", "pid": PID, **where, "name": found.text, "cat": found.kind, **at}


def _task(span: Span, tid: int, origin: float) -> Iterator[dict[str, Any]]:
    begin, end = nanoseconds(span.start - origin), nanoseconds(span.end - origin)
    about: dict[str, Any] = {"task": span.task, "status": span.status}
    if span.waited is not None:
        about["queued_s"] = span.waited
    if span.failure:
        about["failure"] = span.failure
    if span.files:
        about |= {f"files_{name}": count for name, count in span.files._asdict().items()}
    name = f"{span.function} {span.group}" if span.group != span.function else span.function
    bar = {
        "ph": "X",
        "pid": PID,
        "tid": tid,
        "name": name.strip() or f"task {span.task}",
        "cat": span.status,
        "ts": begin / 1000,
        "dur": (end - begin) / 1000,
        "args": about,
    }
    if span.status != OK:
        bar["cname"] = _COLOURS[span.status]
    yield bar
    seconds, first = 0.0, begin
    for phase, length in span.phases.items():
        # whole nanoseconds, the last of them at the task's end: a phase that ends later is not inside for viewers
        seconds += length
        last = min(end, begin + nanoseconds(seconds))
        if last - first >= LEAST_PHASE:
            called = PHASES.get(phase, phase)
            at, lasts = first / 1000, (last - first) / 1000
            yield {"ph": "X", "pid": PID, "tid": tid, "name": called, "cat": "phase", "ts": at, "dur": lasts}
        first = last


def nanoseconds(seconds: float) -> int:
    """Seconds as whole nanoseconds: sums and differences of these are exact."""
    return round(seconds * 1e9)
