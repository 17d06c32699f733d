"""Runs a program at several numbers of engines and sizes, in turn and repeatedly, for its speed-up to be explained."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from harness import cluster
from harness.apps.tour.cores import usable
from harness.course import Exercise, workspace
from harness.errors import BadInput
from harness.recorder import Setups, Target
from harness.store import Limit, Run
from harness.store.scaling import Explanation
from harness.triage import called, execute
from harness.triage.bottlenecks import Measured
from harness.triage.engine_time import Timed, timed
from harness.triage.explanation import explain

SCALES = (1, 2, 4)
REPEATS = 3
DEADLINE = 60.0
"""Seconds that each run has."""
_MEASURED = ("ok", "slow")
"""Outcomes of runs whose times mean something."""


@dataclass(frozen=True)
class Program:
    """What is run. `arguments` gives those of its function, after the view, at a size; `call` what calls it then.

    `reference` gives what is called for the right result at a size. `limits`: by counter, what a run on the program's
    own input may cost.
    """

    target: Target
    arguments: Callable[[int], tuple[Any, ...]] = lambda scale: ()
    call: Callable[[int], Callable[..., Any]] = lambda scale: called
    reference: Callable[[int], Callable[[], Any]] | None = None
    seed: int | None = None
    setups: Setups | None = None
    backend: str | None = None
    limits: Mapping[str, Limit] = field(default_factory=dict)


def exercise_program(exercise: Exercise, variant: str, seed: int | None = None) -> Program:
    """An exercise's variant as what can be measured; on tables of the workspace's seed if none is given."""
    number = workspace.seed() if seed is None else seed
    reference = exercise.reference
    return Program(
        exercise.target(variant),
        arguments=lambda scale: (exercise.tables(number, scale),),
        reference=lambda scale: lambda: reference(exercise.tables(number, scale)),
        seed=number,
        setups=exercise.setups,
        backend=exercise.backend,
        limits=exercise.metadata.cost,
    )


class Failed(Exception):
    """A run did not end well, so its time means nothing. `run` is it."""

    def __init__(self, run: Run, engines: int, scale: int) -> None:
        super().__init__(run, engines, scale)
        self.run = run
        self.engines = engines
        self.scale = scale


def engine_counts(cores: int | None = None) -> list[int]:
    """1, 2, 4, … up to as many as there are cores, and these; 2 at the least."""
    most = max(2, cores or usable())
    return sorted({min(2**power, most) for power in range(most.bit_length() + 1)})


def measure(
    program: Program,
    runs: Path,
    *,
    engines: Sequence[int],
    scales: Sequence[int] = SCALES,
    repeats: int = REPEATS,
    deadline: float = DEADLINE,
    told: Callable[[str], object] = lambda text: None,
    stuck: Callable[[], object] | None = None,
) -> Explanation:
    """Run the program at each number of engines and each size, and explain what its runs tell.

    Each number of engines has a cluster of its own throughout; its first run is a cold one, and apart. Then come the
    `repeats`, each of which goes through all numbers and sizes, every other one backwards, so that what else the
    machine does hits all alike. deadline: seconds, for each run. told: what goes on, a line at a time. stuck: as in
    `execute`.

    Raises Failed for a run that is neither ok nor slow, BadInput for a program that sends no task.
    """
    found: dict[tuple[int, int], list[Timed]] = {place: [] for place in product(engines, scales)}
    cold: dict[int, float] = {}
    with ExitStack() as stack:
        backend = program.backend or "auto"
        clusters = {count: stack.enter_context(cluster.start(count, backend=backend)) for count in engines}

        def run(count: int, scale: int) -> Timed:
            return _timed(program, clusters[count], runs, count, scale, deadline, stuck)

        for count in engines:
            cold[count] = run(count, min(scales)).seconds
        for repeat in range(repeats):
            told(f"round {repeat + 1} of {repeats}: {len(found)} runs")
            for count, scale in sorted(found, reverse=bool(repeat % 2)):
                found[count, scale].append(run(count, scale))
    return explain([Measured(count, scale, times) for (count, scale), times in found.items()], cold, usable())


def _timed(
    program: Program,
    running: cluster.Cluster,
    runs: Path,
    engines: int,
    scale: int,
    deadline: float,
    stuck: Callable[[], object] | None,
) -> Timed:
    # a run on more than the program's own input is not one of those that a learner's diagnosis is held against
    variant = program.target.variant if scale == 1 else f"{program.target.variant}-x{scale}"
    recorded = execute(
        dataclasses.replace(program.target, variant=variant),
        running,
        runs,
        arguments=program.arguments(scale),
        call=program.call(scale),
        reference=program.reference(scale) if program.reference else None,
        deadline=deadline,
        seed=program.seed,
        setups=program.setups,
        limits=program.limits if scale == 1 else None,
        measured=True,
        stuck=stuck,
    )
    if recorded.outcome is None or recorded.outcome.outcome not in _MEASURED:
        raise Failed(recorded, engines, scale)
    times = timed(recorded)
    if times is None:
        what = f"{program.target.file.name}: {program.target.function}"
        raise BadInput(f"{what} sent no task, so there is nothing to explain; send some through its view")
    return times
