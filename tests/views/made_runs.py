"""Run directories made up for tests of views: as many engines and tasks as wanted, whatever befalls them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from harness.store import Run

START = 1_795_000_000.0
COMPANIES = ("amzn", "googl", "msft", "nflx")


@dataclass
class Made:
    """A task of a made run: seconds after the run's begin; `end` None for one whose end was not recorded."""

    engine: int
    task: int
    begin: float
    end: float | None
    sent: float | None = 0.0
    label: str = "amzn"
    function: str = "count"
    status: str = "ok"
    phases: dict[str, float] = field(default_factory=dict)
    loads: object = None


def made_run(
    folder: Path, tasks: Iterable[Made], marks: Iterable[dict] = (), samples: Iterable[dict] = (), target: str = "made"
) -> Run:
    """Write a run directory. marks: events of the client; samples: lines of samples.jsonl, both with times from 0."""
    (folder / "events").mkdir(parents=True)
    manifest = {"format": 1, "run": folder.name, "target": target, "engines": 1, "backend": "forked"}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "started": START, "ended": START + 100}))
    lines: dict[int | None, list[str]] = {None: []}
    for number, mark in enumerate(marks):
        event = {"id": f"c-{number}", "kind": mark["kind"], "time": START + mark["time"], "task": mark.get("task")}
        lines[None].append(json.dumps({**event, "data": {"pid": 1, **mark.get("data", {})}}))
    for made in tasks:
        if made.sent is not None:
            lines[None].append(_event("submitted", made, made.sent))
        mine = lines.setdefault(made.engine, [])
        mine.append(_event("received", made, made.begin, bytes=10))
        mine.append(_event("begin", made, made.begin, function=made.function, label=made.label, pid=1))
        if made.status != "ok":
            mine.append(_event("raised", made, made.begin, type="ValueError", message="secret", function="f", line=3))
        if made.end is not None:
            seconds = made.phases or {"unpack": 0.0, "wait": 0.0, "run": made.end - made.begin, "pack": 0.0}
            end = {"status": made.status, "seconds": seconds, "bytes": 10}
            mine.append(_event("end", made, made.end, **end, **({"loads": made.loads} if made.loads else {})))
    lines[None].sort(key=lambda line: json.loads(line)["time"])
    for engine, written in lines.items():
        name = "client" if engine is None else f"engine-{engine}-1"
        (folder / "events" / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in written))
    found = [json.dumps({**sample, "time": START + sample["time"]}) for sample in samples]
    (folder / "samples.jsonl").write_text("".join(f"{line}\n" for line in found))
    return Run(folder)


def _event(kind: str, made: Made, time: float, **data) -> str:
    name = f"e{made.engine}-{made.task}-{kind}"
    return json.dumps({"id": name, "kind": kind, "time": START + time, "task": made.task, "data": data})


def many(count: int, engines: int) -> Iterable[Made]:
    """So many short tasks on so many engines, one in a thousand failing."""
    for task in range(count):
        begin = task // engines * 0.01 + 0.001 * (task % 7)
        phases = {"unpack": 0.0002, "wait": 0.0, "import": 0.0006, "run": 0.003, "pack": 0.0002}
        status = "error" if task % 1000 == 999 else "ok"
        label = COMPANIES[task * 7 % 4]
        yield Made(task % engines, task, begin, begin + 0.004, task * 0.00001, label, "count", status, phases)


def steady(seconds: float, engines: int, step: float = 0.1) -> Iterable[dict]:
    """Samples of engines that each take half a core and 100 MB, on a machine of `engines` cores."""
    for number in range(int(seconds / step) + 1):
        time = number * step
        used = {str(engine): [100 + engine, time / 2, 100_000_000, 5] for engine in range(engines)}
        client = [1, time / 10, 50_000_000, 3]
        yield {"time": time, "cores": engines, "busy": 1000 + 0.8 * time * engines, "client": client, "engines": used}
