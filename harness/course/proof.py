"""The proof of an exercise: its symptom shows, its solution passes, and nothing that only looks like a mend does."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from harness import cluster as clusters
from harness.cluster import Cluster
from harness.course import audit, symptoms
from harness.course.exercise import Exercise
from harness.course.searching import Searching
from harness.course.trial import GUTTED, SEED, Answer, as_learner, gutted
from harness.store import Run
from harness.triage import bare, called, execute

ENGINES = (1, 2, 4)
RUNS = 3
CHECKED_ON = 2


@dataclass(frozen=True)
class Finding:
    """One thing tried. `part`: files, shipped, bare, solution, check, decoy:NAME or gutted:KIND.

    `expected` and `seen` are outcomes where the part has one, `problem` says in one line what was not as it should be.
    """

    part: str
    engines: int = CHECKED_ON
    expected: str = ""
    seen: str = ""
    hint: str = ""
    problem: str = ""


def files(exercise: Exercise) -> list[Finding]:
    """The files are complete, and give nothing away."""
    return [Finding("files", 0, problem=one) for one in audit.problems(exercise)] or [Finding("files", 0)]


def shipped(
    exercise: Exercise, running: Cluster, seeds: Iterable[int], searching: Searching | None = None
) -> Iterator[Finding]:
    """As shipped it shows its symptom, on the tables of each seed: in each run, or in each search."""
    wanted = exercise.metadata.symptom.outcome
    for seed, run in _shown(exercise, "original", running, seeds, searching):
        problem = symptoms.missed(run, exercise) if run else "a search finds no order of steps that fails"
        seen = run.outcome.outcome if run and run.outcome else "ok"
        yield Finding("shipped", len(running.engines), wanted, seen, problem=problem and f"seed {seed}: {problem}")


def solved(
    exercise: Exercise, running: Cluster, seeds: Iterable[int], searching: Searching | None = None
) -> Iterator[Finding]:
    """The solution is ok, on the tables of each seed: in each run, and under each order of steps that is searched."""
    each = _runs(exercise, "solution", running, seeds)
    searched = _searched(exercise, "solution", running, seeds, searching) if exercise.metadata.symptom.search else ()
    for seed, run in chain(each, searched):
        seen, problem = "ok", ""
        if run is not None:
            assert run.outcome is not None
            seen = run.outcome.outcome
            problem = "" if seen == "ok" else f"seed {seed}: {seen}: {run.outcome.reason}"
        yield Finding("solution", len(running.engines), "ok", seen, problem=problem)


def ends_the_process() -> None:
    """What is done about code of the client that can't be stopped at its deadline, unless the caller knows better."""
    print("the client's code can't be stopped at the deadline: ending it all", file=sys.stderr, flush=True)
    os._exit(3)


def bare_shows(exercise: Exercise, running: Cluster, stuck: Callable[[], None] = ends_the_process) -> Finding:
    """Without recording it shows what exercise.toml says a plain script shows; the engines are replaced afterwards."""
    engines = list(running.engines)
    tables = exercise.tables(SEED)
    try:
        ended = bare(
            exercise.target("original"),
            running,
            call=called,
            arguments=(tables,),
            deadline=exercise.metadata.deadline,
            stuck=stuck,
            setups=exercise.setups,
        )
    finally:
        for engine in engines:
            running.replace(engine)
    wanted, seen = symptoms.declared_bare(exercise), symptoms.bare_outcome(ended, exercise.reference(tables))
    declare = f'if that is right, write bare = "{seen}" below [symptom]'
    problem = "" if seen in wanted else f"a plain script shows {seen}, not {' or '.join(wanted)}; {declare}"
    return Finding("bare", len(engines), wanted[0], seen, problem=problem)


def passes(exercise: Exercise, running: Cluster, searching: Searching | None = None) -> Finding:
    """The solution passes the whole check with its diagnosis."""
    task = (exercise.solution / "task.py").read_bytes()
    answer = as_learner(exercise, running, task, (exercise.solution / "diagnosis.toml").read_bytes(), searching)
    problem = "" if answer.passed else f"the check says no in {answer.test}: {_first_line(answer.message)}"
    return Finding("check", expected="passed", seen="passed" if answer.passed else "rejected", problem=problem)


def decoys(exercise: Exercise, running: Cluster, searching: Searching | None = None) -> Iterator[Finding]:
    """Each decoy is rejected, with a hint of its own; two that show the very same thing may get the same."""
    told: dict[str, tuple[str, str]] = {}
    for path in sorted((exercise.solution / "decoys").glob("*.py")):
        answer = as_learner(exercise, running, path.read_bytes(), searching=searching)
        finding = _rejected(f"decoy:{path.stem}", answer)
        other, message = told.setdefault(finding.hint, (path.stem, answer.message))
        if message != answer.message and not finding.problem:
            finding = replace(finding, problem=f"its hint is that of {other}, too, which shows something else")
        yield finding


def gutted_versions(exercise: Exercise, running: Cluster, searching: Searching | None = None) -> Iterator[Finding]:
    """Each version that does not do the work is rejected, with a hint."""
    for kind in GUTTED:
        yield _rejected(f"gutted:{kind}", gutted(exercise, running, kind, searching))


def whole(
    exercise: Exercise,
    started: "Clusters",
    runs: int = RUNS,
    stuck: Callable[[], None] = ends_the_process,
    searching: Searching | None = None,
) -> Iterator[Finding]:
    """The full proof, on 1, 2 and 4 engines, or those of them that the exercise can be run on.

    Of an exercise that is not finished, nothing is run. `searching` is for exercises that fail under some orders of
    steps only.
    """
    yield from files(exercise)
    if audit.unfinished(exercise):
        return
    seeds = range(SEED, SEED + runs)
    for engines in (number for number in ENGINES if number >= exercise.metadata.least_engines):
        running = started.of(engines, exercise.backend)
        yield from shipped(exercise, running, seeds, searching)
        yield bare_shows(exercise, running, stuck)
        yield from solved(exercise, running, seeds, searching)
    running = started.of(CHECKED_ON, exercise.backend)
    yield passes(exercise, running, searching)
    yield from decoys(exercise, running, searching)
    yield from gutted_versions(exercise, running, searching)


class Clusters:
    """Clusters by number of engines and backend, started when first asked for and stopped together."""

    def __init__(self) -> None:
        self._running: dict[tuple[int, str], Cluster] = {}

    def of(self, engines: int, backend: str | None) -> Cluster:
        key = (engines, backend or "auto")
        if key not in self._running:
            self._running[key] = clusters.start(engines, backend=key[1])
        return self._running[key]

    def __enter__(self) -> "Clusters":
        return self

    def __exit__(self, *_: object) -> None:
        while self._running:
            self._running.popitem()[1].close()


def _runs(exercise: Exercise, variant: str, running: Cluster, seeds: Iterable[int]) -> Iterator[tuple[int, Run]]:
    with tempfile.TemporaryDirectory(prefix="harness-proof-") as folder:
        for seed in seeds:
            tables = exercise.tables(seed)
            run = execute(
                exercise.target(variant),
                running,
                Path(folder),
                arguments=(tables,),
                reference=partial(exercise.reference, tables),
                deadline=exercise.metadata.deadline,
                seed=seed,
                setups=exercise.setups,
                limits=exercise.metadata.cost,
            )
            yield seed, run


def _shown(
    exercise: Exercise, variant: str, running: Cluster, seeds: Iterable[int], searching: Searching | None
) -> Iterator[tuple[int, Run | None]]:
    """What shows how a variant fails: runs of it, or where orders of steps are to be searched, what that finds."""
    if exercise.metadata.symptom.search:
        return _searched(exercise, variant, running, seeds, searching)
    return _runs(exercise, variant, running, seeds)


def _searched(
    exercise: Exercise, variant: str, running: Cluster, seeds: Iterable[int], searching: Searching | None
) -> Iterator[tuple[int, Run | None]]:
    if searching is None:
        raise ValueError(f"{exercise.name} is proven by a search, and none was brought along")
    with tempfile.TemporaryDirectory(prefix="harness-proof-") as folder:
        for seed in seeds:
            yield seed, searching.failing_run(exercise, variant, running, seed, Path(folder))


def _rejected(part: str, answer: Answer) -> Finding:
    problem = ""
    if answer.passed:
        problem = "the check lets it pass"
    elif not answer.hint:
        problem = f"rejected in {answer.test} without a hint: {_first_line(answer.message)}"
    seen = "passed" if answer.passed else "rejected"
    return Finding(part, expected="rejected", seen=seen, hint=answer.hint, problem=problem)


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else "no message"
