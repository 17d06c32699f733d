"""A run as Chrome trace events, which Perfetto opens: engines as threads, tasks as bars with their phases inside."""

from typing import Any

from harness.store import Run

PHASES = ("unpack", "wait", "run", "pack")


def chrome_trace(run: Run) -> dict[str, Any]:
    """The run in the JSON object form of the Trace Event Format; times in microseconds since the run's start."""
    origin = run.manifest.started
    events: list[dict[str, Any]] = [
        {"ph": "M", "name": "thread_name", "pid": 1, "tid": engine, "args": {"name": f"engine {engine}"}}
        for engine in run.engines
    ]
    received: dict[tuple[int | None, int | None], float] = {}
    named: dict[int | None, str] = {}
    for event in run.events:
        at = (event.time - origin) * 1e6
        if event.kind == "received":
            received[event.engine, event.task] = at
        elif event.kind == "begin":
            named[event.task] = f"{event.data['function']} {event.data['label']}".strip()
        elif event.kind == "end":
            start = received.get((event.engine, event.task), at)
            common = {"ph": "X", "pid": 1, "tid": event.engine, "cat": event.data["status"]}
            about = {"task": event.task, "status": event.data["status"], "bytes_back": event.data["bytes"]}
            name = named.get(event.task, f"task {event.task}")
            events.append({**common, "name": name, "ts": start, "dur": at - start, "args": about})
            for phase in PHASES:
                length = event.data["seconds"][phase] * 1e6
                events.append({**common, "name": phase, "ts": start, "dur": length})
                start += length
        elif event.kind in ("death", "deadline", "endless", "interrupted", "engine-replaced"):
            tid = event.data.get("engine", 0)
            events.append({"ph": "i", "s": "g", "name": event.kind, "pid": 1, "tid": tid, "ts": at})
    return {"traceEvents": events, "displayTimeUnit": "ms"}
