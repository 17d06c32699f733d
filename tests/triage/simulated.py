"""Run directories of programs that nobody ran: tasks and client take the time that a test says."""

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness import store
from harness.store import Outcome, Run
from harness.triage.bottlenecks import Measured
from harness.triage.counters import Tally
from harness.triage.engine_time import timed

START = 1_795_000_000.0
_numbers = itertools.count()


@dataclass(frozen=True)
class Task:
    """What a task takes, seconds; `sending` is what the client takes to submit it, `more` goes into its last event."""

    run: float
    cpu: float | None = None
    unpack: float = 0.0
    sending: float = 0.0
    size: int = 1000
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Client:
    """The client's own work, seconds."""

    seconds: float


class Await:
    """The client waits for all answers."""


Step = Task | Client | type[Await]


def run_of(folder: Path, engines: int, program: Iterable[Step], latency: float = 0.0005, **counters: float) -> Run:
    """The run directory of a program on a load-balanced view: a task goes to the engine that is free first."""
    number = next(_numbers)
    writer = store.create(folder, f"simulated{number}", "mine", engines=engines, backend="forked")
    now, free = START, [START] * engines
    client = [_event("recording", START)]
    on_engine: list[list[dict[str, Any]]] = [[_event("engine-ready", START, pid=1, cores=2)] for _ in range(engines)]
    replies: list[float] = []
    tasks = 0
    for step in program:
        if step is Await:
            now = max([now, *replies])
        elif isinstance(step, Client):
            now += step.seconds
        else:
            tasks += 1
            client.append(_event("submitted", now, tasks))
            now += step.sending
            engine = min(range(engines), key=lambda one: free[one])
            received = max(now, free[engine]) + latency
            begin = received + step.unpack
            end = free[engine] = begin + step.run
            cpu = step.run if step.cpu is None else step.cpu
            seconds = {"unpack": step.unpack, "wait": 0.0, "run": step.run, "pack": 0.0}
            on_engine[engine] += [
                _event("received", received, tasks, bytes=step.size),
                _event("begin", begin, tasks, function="work", label=""),
                _event(
                    "end", end, tasks, status="ok", seconds=seconds, cpu=cpu, bytes=10, switches=[0, 0], **step.more
                ),
            ]
            client.append(_event("reply", end + latency, tasks, status="ok"))
            replies.append(end + latency)
    client.append(_event("main-returned", max([now, *replies])))
    client.sort(key=lambda event: event["time"])
    _write(writer.folder / "events" / "client.jsonl", client)
    for engine, events in enumerate(on_engine):
        _write(writer.folder / "events" / f"engine-{engine}-1.jsonl", events)
    tally = Tally(engines)
    for event in Run(writer.folder).events:
        tally.take(event)
    writer.finish(Outcome(outcome="ok", reason="", counters={**tally.counters(), **counters}))
    return Run(writer.folder)


def cells(folder: Path, program: Any, engines=(1, 2), scales=(1, 2, 4), **counters: float) -> list[Measured]:
    """A program, a function of the scale and the number of engines, on each; `counters` grow with the scale."""
    found = []
    for count, scale in itertools.product(engines, scales):
        run = timed(
            run_of(folder, count, program(scale, count), **{name: value * scale for name, value in counters.items()})
        )
        assert run is not None
        found.append(Measured(count, scale, [run]))
    return found


def _event(kind: str, time: float, task: int | None = None, **data: Any) -> dict[str, Any]:
    return {"id": f"x-{next(_numbers)}", "kind": kind, "time": time, "task": task, "data": data}


def _write(path: Path, events: list[dict[str, Any]]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
