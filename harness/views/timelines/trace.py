"""A timeline as a Chrome trace, piece by piece: the run's bars, with counters of what was used and what was queued."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from harness.store import Run
from harness.store.trace import PID, bars, file_of, nanoseconds
from harness.views.timelines.columns import Scale, most_waiting
from harness.views.timelines.model import Timeline

MOST_COUNTS = 5000
"""Values of the counter of waiting tasks at most."""


def trace(run: Run, timeline: Timeline) -> Iterator[bytes]:
    """A file in the JSON object form of the Trace Event Format; times in microseconds since the run's begin."""
    return file_of(chain(bars(run, run.stream()), _counters(timeline)))


def _counters(timeline: Timeline) -> Iterator[dict[str, Any]]:
    for use in timeline.uses:
        ts = nanoseconds(use.start - timeline.origin) / 1000
        yield _counter("cores", ts, {_who(one): round(cores, 3) for one, cores in use.cores.items()})
        yield _counter("cores of the whole machine", ts, {"busy": round(use.machine, 3)})
        yield _counter("memory in MB", ts, {_who(one): round(size / 1e6, 1) for one, size in use.memory.items()})
        yield _counter("threads", ts, {_who(one): count for one, count in use.threads.items()})
    if timeline.waiting:
        scale = Scale(timeline, min(MOST_COUNTS, 2 * len(timeline.waiting)))
        before = None
        for column, waiting in enumerate(most_waiting(timeline, scale)):
            if waiting != before:
                at = nanoseconds(scale.start + column * scale.width - timeline.origin) / 1000
                yield _counter("tasks queued", at, {"tasks": waiting})
            before = waiting


def _counter(name: str, ts: float, values: dict[str, Any]) -> dict[str, Any]:
    return {"ph": "C", "pid": PID, "tid": 0, "name": name, "ts": ts, "args": values}


def _who(engine: int | None) -> str:
    return "client" if engine is None else f"engine {engine}"
