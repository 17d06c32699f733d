"""A timeline as one JSON object, for programs; times in seconds since the run's begin."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from harness.store import Run
from harness.views.timelines.model import Timeline


def as_json(run: Run, timeline: Timeline, files: Mapping[str, str]) -> Iterator[str]:
    """The object's text, piece by piece. files: what else was written, by kind.

    `engines` are {engine, tasks, busy_share}; `tasks` attempts {engine, task, group, function, status, start, end,
    queued, failure, phases, files {opened, size, again}}; `marks` {time, kind, engine, text}; `uses` {start, end,
    cores, memory, threads, machine} by engine or `client`, in cores and bytes; `waits` who waited for whom at the end;
    `queued` [time, tasks] wherever their number changes.
    """
    origin = timeline.origin
    count = dict.fromkeys(timeline.engines, 0)
    for span in timeline.spans:
        count[span.engine] += 1
    busy = timeline.busy
    head = {
        "run": str(run.folder),
        "outcome": run.outcome.outcome if run.outcome else None,
        "started": origin,
        "start": timeline.start - origin,
        "end": timeline.end - origin,
        "cores": timeline.cores or None,
        "groups": timeline.groups,
        "files": dict(files),
        "waits": timeline.waits,
        "engines": [
            {"engine": engine, "tasks": count[engine], "busy_share": round(busy[engine], 4)}
            for engine in timeline.engines
        ],
        "marks": [
            {"time": mark.time - origin, "kind": mark.kind, "engine": mark.engine, "text": mark.text}
            for mark in timeline.marks
        ],
        "queued": [(time - origin, waiting) for time, waiting in timeline.waiting],
        "uses": [
            {
                "start": use.start - origin,
                "end": use.end - origin,
                "cores": _named(use.cores),
                "memory": _named(use.memory),
                "threads": _named(use.threads),
                "machine": use.machine,
            }
            for use in timeline.uses
        ],
    }
    yield msgspec.json.encode(head).decode()[:-1] + ',"tasks":['
    separator = "\n"
    for span in timeline.spans:
        task = {
            "engine": span.engine,
            "task": span.task,
            "group": span.group,
            "function": span.function,
            "status": span.status,
            "start": span.start - origin,
            "end": span.end - origin,
            "queued": span.waited,
            "failure": span.failure or None,
            "phases": span.phases,
            "files": span.files._asdict() if span.files else None,
        }
        yield separator + msgspec.json.encode(task).decode()
        separator = ",\n"
    yield "]}\n"


def _named(figures: Mapping[int | None, Any]) -> dict[str, Any]:
    return {"client" if engine is None else str(engine): figure for engine, figure in figures.items()}
