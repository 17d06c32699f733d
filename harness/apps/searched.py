"""The `schedules` fixture of exercises whose bug shows under some orders of steps only: the check by search."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import places
from harness.cluster import Cluster
from harness.course.check import Check, CheckFailed
from harness.course.exercise import Exercise, load_file
from harness.explore import Report, keeping, opened, search
from harness.explore.schedule import Schedule, preempted
from harness.store import Run
from harness.triage.whence import versions

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

SECONDS = 8.0
SCHEDULES = 1_000
BOUND = 2


def failing_run(exercise: Exercise, variant: str, running: Cluster, seed: int, runs: Path) -> Run | None:
    """The shrunk schedule under which a variant fails on the tables of a seed, kept below `runs`; None if none."""
    tables, target, reference = exercise.few_tables(seed), exercise.target(variant), exercise.reference
    with (
        running.client() as client,
        opened(target, client, arguments=lambda: (tables,), reference=lambda: reference(tables), seed=seed) as session,
    ):
        report = search(session, bound=BOUND, schedules=SCHEDULES, seconds=SECONDS, seed=seed)
    return keeping.keep(report.failing, target, runs, versions()) if report.failing else None


def schedules(check: Check) -> "Schedules":
    """What tests of exercises get as `schedules`."""
    return Schedules(check)


class Schedules:
    """Searches the learner's code of one exercise. `report` is what the last search covered."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self.report: Report | None = None

    def none_fails(
        self,
        reference: Callable[[dict[str, Any]], Any],
        tables: dict[str, Any] | None = None,
        *,
        bound: int = BOUND,
        seconds: float = SECONDS,
        lines: bool = False,
    ) -> None:
        """No order of the tasks' steps fails, as far as is searched: all with `bound` preemptions, then at random.

        tables: what main is given, by default what a search of the exercise runs on. Raises CheckFailed with the
        shrunk schedule, kept as a run, if one does. `report` says what was covered: on a slow machine the time can end
        before the bound is completed.
        """
        __tracebackhide__ = True
        check = self._check
        exercise, seed = check.exercise, check.seed
        given = exercise.few_tables(seed) if tables is None else tables
        with (
            check.cluster.client() as client,
            opened(
                exercise.target("mine"),
                client,
                arguments=lambda: (given,),
                reference=lambda: reference(given),
                seed=seed,
                lines=lines,
            ) as session,
        ):
            self.report = search(session, bound=bound, schedules=SCHEDULES, seconds=seconds, seed=seed)
        if self.report.failing is not None:
            raise self._failed(self.report.failing, given, "under one order of steps")

    def none_fails_with(
        self,
        reference: Callable[[dict[str, Any]], Any],
        tables: "SearchStrategy[dict[str, Any]]",
        *,
        seconds: float = SECONDS,
    ) -> None:
        """The same for many tables, which Hypothesis draws: a few orders of each. The smallest that fail are told."""
        from harness.explore.inputs import search_inputs

        __tracebackhide__ = True
        check = self._check
        with (
            check.cluster.client() as client,
            opened(check.exercise.target("mine"), client, seed=check.seed) as session,
        ):
            found = search_inputs(session, tables, reference=reference, seconds=seconds, seed=check.seed)
        self.report = found.report
        if found.report is not None and found.report.failing is not None:
            raise self._failed(found.report.failing, found.value, f"under one order of steps, with {found.value!r}")

    def _failed(self, failing: Schedule, tables: dict[str, Any], when: str) -> CheckFailed:
        run = keeping.keep(failing, self._check.exercise.target("mine"), places.runs(), versions())
        message = f"{when}: {failing.outcome}: {failing.reason}\n{_told(failing)}"
        return CheckFailed(message, run, self._hint(failing, tables))

    def _hint(self, failing: Schedule, tables: dict[str, Any]) -> str:
        """The author's sentence about the schedule if there is one, else what every failing schedule tells."""
        review = load_file(self._check.exercise.solution / "review.py")
        by_author = getattr(review, "hint_of_schedule", None)
        if by_author is not None and (said := by_author(failing, tables)):
            return str(said)
        switch = next(iter(preempted(failing.steps)), None)
        if switch is None:
            return "no task was even interrupted: read the steps from the top, and ask who relied on whom"
        before, step = switch
        return (
            f"{before.actor} was interrupted after line {before.line} ({before.kind}), and {step.actor} went on: what "
            f"had {before.actor} seen by then that was not true any more when it went on?"
        )


def _told(failing: Schedule) -> str:
    lines = [
        f"  {number:3} {step.actor:10} {step.kind:14} {step.thing.rpartition('/')[2]:20} line {step.line}"
        for number, step in enumerate(failing.steps, 1)
    ]
    return "\n".join(lines)
