"""Whether a replay ends as its task did: failed tasks of the suite and of the exercises, each run again by itself."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from harness import cluster, store
from harness.apps.bench_triage import judged_of, surroundings
from harness.apps.triage_suite.cases import read
from harness.course import Exercise, all_exercises
from harness.course.trial import SEED
from harness.errors import BadInput, HarnessError
from harness.places import CLONE
from harness.store import Death, Failure, Hang, Run, payloads
from harness.triage import execute
from harness.triage.replay import End, Replayed, recorded_end, replay

AT_ONCE = 2
EXERCISES = "exercises"
ALONE = {
    "15_only_on_engine_1": "its engine is set up in another way, and only there it fails",
    "36_after_you": "it waits for a task that runs beside it",
    "37_all_engines_idle": "it waits for tasks that run beside it",
    "38_two_of_three": "it waits for tasks that run beside it",
    "39_queued": "its task was never let begin: the scheduler asks one engine after the other",
    "40_it_keeps_trying": "what never ends is the retrying: each attempt fails",
    "44_killed": "it is killed for the memory that its engine may have",
}
"""Exercises whose failed task ends in another way when it is run by itself, and why that is so by nature."""


def run(family: str | None = None, case: str | None = None) -> dict[str, Any]:
    """Run programs that fail, then replay each failed task; of one family, or the family `exercises`, if named.

    It holds if each replay ends with the recorded type and line, but for those that are declared to need more than
    their task. Raises BadInput if no case is called so.
    """
    with surroundings() as (folder, _):
        reasons: dict[str, str] = {}
        runs: list[Run] = []
        if family in (None, EXERCISES):
            reasons |= ALONE
            runs += _of_exercises(folder / "runs", case)
        if family != EXERCISES:
            chosen, found = _of_suite(folder, family, case)
            reasons |= chosen
            runs += found
        if not runs:
            raise BadInput(f"nothing is called {family or ''}.{case or ''}; see tests/suite/manifest.toml")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            ended = dict(pool.map(_replayed, [(one, task) for one in runs for task in _failed(one)]))
    return _table(ended, reasons)


def _of_suite(folder: Path, family: str | None, case: str | None) -> tuple[dict[str, str], list[Run]]:
    """Why some can't be replayed, and the runs of the chosen cases that fail."""
    chosen = [
        one
        for one in read()
        if family in (None, one.family) and case in (None, one.name, f"{one.family}.{one.name}") and not one.healthy
    ]
    judged_of([(one, view) for one in chosen for view in one.views[:1]], folder)
    found = [run for runs in folder.glob("worker-*/*/runs") for run in store.all_runs(runs)]
    return {f"{one.family}.{one.name}": one.alone for one in chosen if one.alone}, found


def _of_exercises(runs: Path, case: str | None) -> list[Run]:
    """A run of each exercise as it is shipped, but those that fail under some orders of steps only."""
    return [
        _run_of(exercise, runs)
        for exercise in all_exercises(CLONE)
        if not exercise.metadata.symptom.search and case in (None, exercise.name, str(exercise.number))
    ]


def _run_of(exercise: Exercise, runs: Path) -> Run:
    engines = max(2, exercise.metadata.least_engines)
    with cluster.start(engines, backend=exercise.backend or "auto") as running:
        return execute(
            exercise.target("original"),
            running,
            runs,
            arguments=(exercise.tables(SEED),),
            deadline=exercise.metadata.deadline,
            seed=SEED,
            setups=exercise.setups,
        )


def _failed(run: Run) -> Iterator[int]:
    """The first task of each kind of end that was not a good one, as far as it reached an engine."""
    outcome = run.outcome
    if outcome is None:
        return
    told = set[object]()
    reached = {event.task for event in run.of_kind("received")}
    ended: list[Failure | Death | Hang] = [*outcome.failures, *outcome.deaths, *outcome.hangs]
    for one in ended:
        how = (getattr(one, "type", ""), one.file, one.line)
        if one.task is not None and one.task in reached and one.task not in told and how not in told:
            told |= {one.task, how}
            yield one.task


def _replayed(which: tuple[Run, int]) -> tuple[str, "Replayed | str"]:
    run, task = which
    name = f"{run.manifest.target} task {task}"
    try:
        recorded_end(run, task)
        return name, replay(run, task, key=payloads.signing_key())
    except HarnessError as problem:
        return name, str(problem)


def _table(ended: dict[str, Replayed | str], reasons: dict[str, str]) -> dict[str, Any]:
    same, differs, natural, needless = 0, {}, {}, []
    for name, one in sorted(ended.items()):
        reason = reasons.get(name.partition(" ")[0])
        if isinstance(one, Replayed) and one.same:
            same += 1
            needless += [name] if reason else []
        elif reason:
            natural[name] = reason
        else:
            differs[name] = one if isinstance(one, str) else f"then {_shown(one.recorded)}; now {_shown(one.now)}"
    return {
        "failed tasks replayed": len(ended),
        "with the recorded type and line": same,
        "not by nature": natural,
        "in another way": differs,
        "declared, and yet the same": needless,
        "holds": not differs and not needless,
    }


def _shown(end: End | None) -> str:
    if end is None:
        return "left"
    return f"{end.how} {end.what} at {Path(end.file).name if end.file else '-'}:{end.line}".replace("  ", " ")
