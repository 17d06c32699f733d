"""Runs a program at several numbers of engines and sizes, in turn and repeatedly, for its speed-up to be explained."""

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

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
SECONDS = 180.0
"""Seconds that all runs together may take, roughly."""
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
    seconds: float = SECONDS,
    told: Callable[[str], object] = lambda text: None,
    stuck: Callable[[], object] | None = None,
) -> Explanation:
    """Run the program at each number of engines and each size, and explain what its runs tell.

    Each number of engines has a cluster of its own throughout; its first run is a cold one, and apart. Then come the
    rounds, `repeats` of them, each through all sizes and numbers, every other one backwards, so that what else the
    machine does hits all alike. deadline: seconds, for each run. seconds: what all may take, roughly; larger sizes and
    further rounds that would take longer are left out. told: what goes on, a line at a time. stuck: as in `execute`.

    Raises Failed for a run that is neither ok nor slow, BadInput for a program that sends no task.
    """
    begin = time.monotonic()
    found: dict[tuple[int, int], list[Timed]] = {}
    with ExitStack() as stack:
        backend = program.backend or "auto"
        clusters = {count: stack.enter_context(cluster.start(count, backend=backend)) for count in engines}

        def run(count: int, scale: int) -> Timed:
            return _timed(program, clusters[count], runs, count, scale, deadline, stuck)

        def left() -> float:
            return begin + seconds - time.monotonic()

        told(f"first runs on new engines: {len(engines)}")
        cold = {count: run(count, min(scales)).seconds for count in engines}
        told(f"round 1 of {repeats}")
        took = 0.0
        for scale, before in zip(sorted(scales), [0, *sorted(scales)], strict=False):
            if found and took * scale / before > left():
                break
            if (of_size := _at_size(run, engines, scale, bool(found))) is None:
                break
            found |= {(scale, count): [one] for count, one in of_size.items()}
            took = sum(one.seconds for one in of_size.values())
        for repeat in range(2, repeats + 1):
            if sum(one[0].seconds for one in found.values()) > left():
                break
            told(f"round {repeat} of {repeats}")
            for scale, count in sorted(found, reverse=repeat % 2 == 0):
                found[scale, count].append(run(count, scale))
    explained = explain([Measured(count, scale, times) for (scale, count), times in found.items()], cold, usable())
    measured = {scale for scale, _ in found}
    if not (out := sorted(set(scales) - measured)):
        return explained
    listed = ", ".join(f"×{scale}" for scale in out)
    said = f"{listed} would have taken too long, and was left out; --deadline and --seconds allow more."
    return replace(explained, notes=[*explained.notes, said])


def _at_size(
    run: Callable[[int, int], Timed], engines: Sequence[int], scale: int, smaller_was_fine: bool
) -> dict[int, Timed] | None:
    """A run on each number of engines; None if one does not end in time, as a smaller size did."""
    try:
        return {count: run(count, scale) for count in engines}
    except Failed as failed:
        outcome = failed.run.outcome
        if smaller_was_fine and outcome is not None and outcome.outcome == "hang":
            return None
        raise


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
