"""The check of an exercise: what its test file asks, and what is said when the answer is no."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import SkipTest

from harness import places, store
from harness.cluster import Cluster
from harness.course import diagnosis, hints, workspace
from harness.course.exercise import Exercise, read_toml
from harness.course.tables import small
from harness.engine.meeting import PATIENCE_IN_ALL
from harness.errors import BadInput, CannotWork
from harness.recorder import Target
from harness.store import Run
from harness.triage import execute, failed_import

FIXED_SEED = 1
FIXED_ENGINES = 2
Tables = dict[str, Any]
Reference = Callable[[Tables], Any]


class CheckFailed(AssertionError):
    """A check said no. `run` is the run that showed it, `hint` one sentence computed from it."""

    def __init__(self, message: str, run: Run | None = None, hint: str = "") -> None:
        super().__init__(f"{message}\n\nHint: {hint}" if hint else message)
        self.run = run
        self.hint = hint


class Check:
    """One exercise under check, on one cluster. Each method passes silently or raises CheckFailed.

    Once the saved case has failed, nothing else is tried: the rest raises SkipTest, as pytest knows it.
    """

    def __init__(self, exercise: Exercise, cluster: Cluster) -> None:
        self.exercise = exercise
        self.cluster = cluster
        self.seed = workspace.seed()
        self._saved_case_failed = False

    def diagnosis(self) -> None:
        """diagnosis.toml is right for the learner's first failing run, or one made now from the shipped code.

        Of an exercise that fails under some orders of steps only, none is made: raises CheckFailed with what to type.
        """
        __tracebackhide__ = True
        runs = workspace.failing_runs(self.exercise, self.seed)
        if not runs and self.exercise.metadata.symptom.search:
            raise CheckFailed(f"no failing run yet: `harness explore {self.exercise.number}` finds one")
        runs = runs or [self._shipped_run()]
        answer = diagnosis.read(self.exercise)
        key = read_toml(self.exercise.solution / "diagnosis.toml", diagnosis.Diagnosis)
        remarks = diagnosis.grade(self.exercise, answer, key, runs)
        if wrong := [remark for remark in remarks if not remark.right]:
            lines = [f"  {'ok ' if one.right else '-- '} {one.field}: {one.text}" for one in remarks]
            file = self.exercise.folder / "diagnosis.toml"
            raise CheckFailed(
                f"{len(wrong)} of {len(remarks)} answers in {file} are open:\n" + "\n".join(lines), runs[0]
            )

    def saved_case(self, reference: Reference) -> None:
        """The learner's code gives what the reference says on the very input that failed."""
        __tracebackhide__ = True
        self._saved_case_failed = True
        self._accept(self.saved_run(reference), self.exercise.tables(self.seed), "the saved case")
        self._saved_case_failed = False

    def saved_run(self, reference: Reference) -> Run:
        """Run the learner's code on the very input that failed; the run is judged, and nothing is asked of it."""
        tables = self.exercise.tables(self.seed)
        limits = self.exercise.metadata.cost
        return self._run(self.exercise.target("mine"), tables, lambda: reference(tables), limits=limits)

    def equals(self, reference: Reference, tables: Tables, engines: int) -> None:
        """The learner's code gives what the reference says, on these tables and this number of engines.

        Of the many runs of a search only those that fail are kept among the learner's.
        """
        __tracebackhide__ = True
        self._after_saved_case()
        drafts = places.state() / "search"
        run = self._run(self.exercise.target("mine"), tables, lambda: reference(tables), runs=drafts, engines=engines)
        if run.outcome is not None and run.outcome.outcome == "ok":
            shutil.rmtree(run.folder)
            return
        run = Run(store.move(run.folder, places.runs()))
        self._accept(run, tables, f"{_sizes(tables)}, {engines} engine(s)")

    def still_parallel(self, reference: Reference) -> None:
        """Tasks of the learner's code run on two engines at the same time: they wait for each other, and meet."""
        __tracebackhide__ = True
        self._after_saved_case()
        tables = small(FIXED_SEED)
        waiting = FIXED_ENGINES * PATIENCE_IN_ALL
        run = self._run(
            self.exercise.target("mine"), tables, lambda: reference(tables), meet=FIXED_ENGINES, longer=waiting
        )
        assert run.outcome is not None
        sent = int(run.outcome.counters.get("tasks", 0))
        if sent >= 2 and run.outcome.outcome in ("ok", "hang") and not run.outcome.counters.get("met"):
            raise CheckFailed(
                "no two tasks ran at the same time: each waited 1 s for another engine's, and none came",
                run,
                "send all tasks before you wait for the first result",
            )
        self._accept(run, tables, "the fixed workload")
        if sent < 2:
            raise CheckFailed(
                f"{sent} task(s) were sent to the engines: the result is right, but the work is not shared",
                run,
                "the work is to be done in tasks on the engines, at least two of them; `main` only puts together",
            )

    def _after_saved_case(self) -> None:
        if self._saved_case_failed:
            raise SkipTest("not tried while the saved case fails")

    def _accept(self, run: Run, tables: Tables, what: str) -> None:
        __tracebackhide__ = True
        assert run.outcome is not None
        if run.outcome.outcome != "ok":
            message = f"{what}: {run.outcome.outcome}: {run.outcome.reason}"
            raise CheckFailed(message, run, hints.computed(self.exercise, run.outcome, tables))

    def _shipped_run(self) -> Run:
        tables = self.exercise.tables(self.seed)
        reference, limits = self.exercise.reference, self.exercise.metadata.cost
        run = self._run(self.exercise.target("original"), tables, lambda: reference(tables), limits=limits)
        workspace.pin(self.exercise, run)
        return run

    def _run(
        self,
        target: Target,
        tables: Tables,
        reference: Callable[[], Any],
        *,
        runs: Path | None = None,
        longer: float = 0.0,
        **options: Any,
    ) -> Run:
        __tracebackhide__ = True
        try:
            return execute(
                target,
                self.cluster,
                runs or places.runs(),
                arguments=(tables,),
                reference=reference,
                deadline=self.exercise.metadata.deadline + longer,
                seed=self.seed,
                setups=self.exercise.setups,
                **options,
            )
        except CannotWork:
            raise
        except BadInput as problem:
            raise CheckFailed(str(problem)) from None
        except (Exception, SystemExit) as error:
            failed = failed_import(error, target)
            if failed is None:
                raise
            at = failed.frames[-1]
            message = f"{target.file.name} can't be imported: {failed.type}: {failed.message}"
            raise CheckFailed(message, hint=f"{Path(at.file).name}, line {at.line}: {at.source}") from None


def _sizes(tables: Tables) -> str:
    return ", ".join(f"{company} {len(tweets)} rows" for company, tweets in tables.items())
