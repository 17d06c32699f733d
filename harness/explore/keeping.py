"""A searched schedule kept as a run: its steps as events of their engines, its outcome, and schedule.json."""

import os
import re
import time
from pathlib import Path
from typing import Any

import msgspec

from harness import store
from harness.explore import drawing
from harness.explore.execution import BUDGET
from harness.explore.schedule import Schedule
from harness.recorder import Target
from harness.store import Event, Failure, Hang, Outcome, Run, as_json, replace_file, wary

FILE = "schedule.json"
OUTCOMES = {"ok": "ok", "wrong": "wrong", "exception": "exception", "deadlock": "hang", "livelock": "hang"}
_NUMBER = re.compile(r"task (\d+)")


def keep(schedule: Schedule, target: Target, runs: Path, versions: dict[str, str]) -> Run:
    """Write a run directory for one executed schedule; raises CannotWork if it cannot be written.

    Each granted step is an event `step` of its engine, in the order in which they were granted.
    """
    writer = store.create(
        runs,
        target.name,
        target.variant,
        file=str(target.file),
        source_hash=schedule.source_hash,
        seed=schedule.seed,
        engines=max((step.engine for step in schedule.steps), default=-1) + 1,
        backend="search",
        versions=versions,
    )
    ids = _write_steps(writer.folder, schedule)
    replace_file(writer.folder / FILE, as_json(schedule))
    writer.finish(_outcome(schedule, ids))
    return Run(writer.folder)


def saved(run: Run) -> Schedule | None:
    """The schedule of a run that a search kept; None if it is no such run, or can't be read."""
    try:
        schedule = msgspec.json.decode(wary.content(run.folder / FILE), type=Schedule)
    except (OSError, msgspec.MsgspecError, RecursionError):
        return None
    return schedule if len(schedule.steps) <= BUDGET else None


def task_of(actor: str) -> int | None:
    """The number of the task that an actor is, or whose thread it is."""
    found = _NUMBER.match(actor)
    return int(found[1]) if found else None


def _write_steps(folder: Path, schedule: Schedule) -> list[str]:
    """Write the events; returns their ids, one a step."""
    begin, ids = time.time(), list[str]()
    lines: dict[int, list[bytes]] = {}
    for number, step in enumerate(schedule.steps, 1):
        ids.append(f"s{step.engine}-{number}")
        data: dict[str, Any] = {"did": drawing.text(step), "step": step.kind, "thing": step.thing, "actor": step.actor}
        data |= {"file": step.file, "line": step.line, "function": step.function} if step.line else {}
        data["could_go"] = list(step.enabled)
        # a microsecond apart: their order is what counts, and the only thing that is known of when they came
        event = Event(id=ids[-1], kind="step", time=begin + number * 1e-6, task=task_of(step.actor), data=data)
        lines.setdefault(step.engine, []).append(msgspec.json.encode(event))
    for engine, written in lines.items():
        path = folder / "events" / f"engine-{engine}-{os.getpid()}.jsonl"
        path.write_bytes(b"\n".join(written) + b"\n")
    return ids


def _outcome(schedule: Schedule, ids: list[str]) -> Outcome:
    outcome = OUTCOMES.get(schedule.outcome, "unknown")
    last = {step.actor: number for number, step in enumerate(schedule.steps)}
    at = {step.actor: step for step in schedule.blocked}
    hangs, failures = [], []
    if outcome == "hang":
        for who, thing, whom in schedule.waits:
            step = at.get(who) or (schedule.steps[last[who]] if who in last else None)
            hangs.append(
                Hang(
                    engine=step.engine if step else None,
                    task=task_of(who),
                    file=step.file or None if step else None,
                    line=step.line or None if step else None,
                    function=step.function or None if step else None,
                    event=ids[last[who]] if who in last else None,
                    values={"waits for": thing, "held by": whom or "nobody"},
                    how_ended="its schedule was given up",
                )
            )
    if outcome == "exception":
        kind, _, message = schedule.reason.partition(": ")
        file, line, function = schedule.place or (None, None, None)
        failures.append(
            Failure(
                type=kind,
                message=message,
                task=task_of(schedule.failed),
                engine=schedule.steps[last[schedule.failed]].engine if schedule.failed in last else None,
                file=file,
                line=line,
                function=function,
            )
        )
    found = {"steps": len(schedule.steps), "preemptions": schedule.preemptions}
    return Outcome(
        outcome=outcome,
        reason=f"under this schedule: {schedule.reason}",
        hangs=hangs,
        failures=failures,
        counters={"tasks": len({task_of(step.actor) for step in schedule.steps} - {None}), **found},
    )
