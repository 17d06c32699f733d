"""A run as Chrome trace events, which Perfetto opens: engines as threads, tasks as bars with their phases inside."""

from collections.abc import Iterator
from typing import Any

from harness.store import Run

PHASES = ("unpack", "wait", "run", "pack")
_TOLD = ("received", "begin", "end", "death", "deadline", "endless", "interrupted", "engine-replaced")


def chrome_trace(run: Run) -> Iterator[dict[str, Any]]:
    """The run as events of the Trace Event Format, one after the other; times in microseconds since the run's start."""
    origin = run.manifest.started
    for engine in run.engines:
        yield {"ph": "M", "name": "thread_name", "pid": 1, "tid": engine, "args": {"name": f"engine {engine}"}}
    received: dict[tuple[int | None, int | None], float] = {}
    named: dict[tuple[int | None, int | None], str] = {}
    for event in run.stream(*_TOLD):
        at, who = (event.time - origin) * 1e6, (event.engine, event.task)
        if event.kind == "received":
            received[who] = at
        elif event.kind == "begin":
            named[who] = f"{event.data.get('function', '')} {event.data.get('label', '')}".strip()
        elif event.kind == "end":
            start = received.pop(who, at)
            common = {"ph": "X", "pid": 1, "tid": event.engine, "cat": event.data["status"]}
            about = {"task": event.task, "status": event.data["status"], "bytes_back": event.data["bytes"]}
            name = named.pop(who, f"task {event.task}")
            yield {**common, "name": name, "ts": start, "dur": at - start, "args": about}
            for phase in PHASES:
                length = event.data["seconds"].get(phase, 0.0) * 1e6
                yield {**common, "name": phase, "ts": start, "dur": length}
                start += length
        else:
            tid = event.data.get("engine", 0)
            yield {"ph": "i", "s": "g", "name": event.kind, "pid": 1, "tid": tid, "ts": at}
