"""How fast schedules are searched, and how soon each strategy finds what fails, on kernels and on exercises."""

import random
import statistics
import time
from pathlib import Path
from typing import Any

import ipyparallel as ipp

from harness import cluster
from harness.course import load
from harness.course.exercise import Exercise
from harness.explore import opened, search
from harness.explore.search import until_failure
from harness.places import CLONE
from harness.recorder import Target

KERNELS = CLONE / "tests" / "programs" / "kernels"
STRATEGIES = ("bounded", "random walk", "priorities")
EXERCISES = ("29", "30", "31", "32", "33", "34", "36")
"""Those of chapters E and F whose bug is a matter of order."""
WITHIN = 2.0
"""Seconds within which each is to be found and shrunk, to at most `PREEMPTIONS`."""
PREEMPTIONS = 2
MOST = 400
TWINS = 300
SEEDS = 5
SEED = 1


def run() -> dict[str, Any]:
    """Search every kernel and its correct twin on 2 engines, and the exercises as shipped.

    first failure: executions up to it, the median of five seeds where chance decides; None if not within 400.
    """
    found: dict[str, Any] = {}
    rates: list[float] = []
    with cluster.start(2) as running, running.client() as client:
        for kernel in sorted(KERNELS.glob("*.py")):
            figures, rate = _kernel(kernel, client)
            found[kernel.stem] = figures
            rates.append(rate)
        shipped = {name: _exercise(load(name), client) for name in EXERCISES}
    missed = [name for name, figures in found.items() if figures["found"] is False]
    accused = [name for name, figures in found.items() if not figures["twin passes"]]
    late = [
        name
        for name, figures in (found | shipped).items()
        if figures["seconds until found and shrunk"] > WITHIN or not 0 <= figures["preemptions"] <= PREEMPTIONS
    ]
    return {
        "kernels": found,
        "exercises as shipped": shipped,
        f"not within {WITHIN:g} s and {PREEMPTIONS} preemptions": late,
        "missed": missed,
        "twins accused": accused,
        "schedules a second, median over the twins": statistics.median(rates),
        "holds": not missed and not accused and not late,
    }


def _kernel(kernel: Path, client: ipp.Client) -> tuple[dict[str, Any], float]:
    with opened(Target(kernel, kernel.stem, function="broken"), client) as session:
        begin = time.perf_counter()
        report = search(session, seconds=60)
        seconds = time.perf_counter() - begin
        first = {
            f"first failure, {strategy}": _median(
                [until_failure(session, strategy, random.Random(seed), MOST) for seed in range(SEEDS)]
                if strategy != "bounded"
                else [until_failure(session, strategy, random.Random(0), MOST)]
            )
            for strategy in STRATEGIES
        }
    with opened(Target(kernel, kernel.stem, function="correct"), client) as session:
        begin = time.perf_counter()
        twin = search(session, schedules=TWINS, seconds=60)
        rate = twin.schedules / (time.perf_counter() - begin)
    figures = {
        "found": report.failing is not None,
        "as": report.failing.outcome if report.failing else "-",
        "seconds until found and shrunk": seconds,
        "preemptions": report.failing.preemptions if report.failing else -1,
        **first,
        "twin passes": twin.failing is None,
        "twin covered": twin.covered,
        "schedules a second": rate,
    }
    return figures, rate


def _exercise(exercise: Exercise, client: ipp.Client) -> dict[str, Any]:
    tables, reference, seed = exercise.few_tables(SEED), exercise.reference, SEED
    target = exercise.target("original")
    with opened(target, client, arguments=lambda: (tables,), reference=lambda: reference(tables), seed=seed) as session:
        report = search(session, seconds=60, seed=seed)
    return {
        "found": report.failing is not None,
        "as": report.failing.outcome if report.failing else "-",
        "seconds until found and shrunk": report.seconds,
        "preemptions": report.failing.preemptions if report.failing else -1,
        "first failure": report.first or -1,
    }


def _median(found: list[int | None]) -> float | str:
    """The median; a search that found nothing counts as longer than any."""
    ordered = sorted(found, key=lambda count: MOST + 1 if count is None else count)
    middle = ordered[len(ordered) // 2]
    return f"not within {MOST}" if middle is None else middle
