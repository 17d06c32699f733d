"""A target run and judged: load it, record it, watch over it, decide, and leave the engines fit for the next run."""

import platform
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from harness import store
from harness.cluster import Cluster
from harness.engine.frames import describe_exception
from harness.engine.gate import DeadlinePassed
from harness.engine.values import message_of
from harness.recorder import Recording, Target, function_of, loaded
from harness.store import Death, Outcome, Run
from harness.triage.judge import MAIN, Evidence, judge, tasks_of_dead
from harness.triage.timeline import chrome_trace
from harness.triage.watch import Watch

DEADLINE = 10.0


def versions() -> dict[str, str]:
    """Python's version and those of the packages that decide how tasks travel."""
    names = ("ipyparallel", "ipykernel", "ipython", "pyzmq", "cloudpickle", "loguru", "numpy", "pandas")
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in names}}


def called(function: Callable[..., Any], view: Any, *arguments: Any) -> Any:
    """Call a target's main as it is meant to be."""
    return function(view, *arguments)


def execute(
    target: Target,
    cluster: Cluster,
    runs: Path,
    *,
    arguments: tuple[Any, ...] = (),
    call: Callable[..., Any] = called,
    reference: Callable[[], Any] | None = None,
    deadline: float | None = DEADLINE,
    seed: int | None = None,
    engines: int | None = None,
    meet: int = 0,
) -> Run:
    """Run the target's function with a recorded load-balanced view and `arguments`; returns the judged run.

    call: what calls it, as `call(function, view, *arguments)`, such as `recorder.over(items)`. reference: called, if
    the function returned, for what it should have returned. deadline: seconds from the first submission. meet: number
    of engines that tasks wait for, to prove that they work at the same time (0: none wait).

    Raises BadInput for a target that can't be loaded and CannotWork if the cluster does not serve. KeyboardInterrupt
    passes through, after what was recorded so far is closed.
    """
    with loaded(target) as module, cluster.client() as client:
        function = function_of(module, target)
        used = client.ids[:engines]
        writer = store.create(
            runs,
            target.name,
            target.variant,
            file=str(target.file),
            source_hash=target.source_hash,
            seed=seed,
            engines=len(used),
            backend=cluster.backend,
            deadline=deadline,
            versions=versions(),
        )
        recording = Recording(client, writer, module=target.module, file=str(target.file), meet=meet)
        recording.open()
        returned, raised = None, None
        with Watch(recording, cluster, writer, deadline) as watch:
            try:
                returned = watch.call(call, function, client.load_balanced_view(used), *arguments)
                writer.event("main-returned")
            except (Exception, DeadlinePassed, SystemExit) as error:
                raised = error
                writer.event("main-raised", type=type(error).__name__, message=message_of(error))
                writer.traceback(MAIN, describe_exception(error))
            watch.settle()
        outstanding = tuple(task.number for task in recording.outstanding)
        left = recording.close()
        replaced = _repair(cluster, recording, watch, writer)
        run = Run(writer.folder)
        outcome = judge(
            Evidence(
                run=run,
                returned=returned,
                raised=raised,
                passed_deadline=watch.passed,
                hangs=watch.hangs,
                deaths=_deaths(run, watch),
                fetched=frozenset(recording.tasks[msg].number for msg in recording.fetched if msg in recording.tasks),
                outstanding=outstanding,
                left=left,
                replaced=frozenset(watch.replaced | replaced),
                reference=reference,
            )
        )
        return _finished(writer, outcome)


def _deaths(run: Run, watch: Watch) -> list[Death]:
    noted = {event.data["pid"]: event.id for event in run.of_kind("death")}
    found = []
    for death in watch.deaths:
        task, label = tasks_of_dead(run, death.pid)
        found.append(
            Death(
                engine=death.engine,
                pid=death.pid,
                task=task,
                label=label,
                exit_code=death.exit_code,
                signal=death.signal,
                signal_name=death.signal_name,
                event=noted.get(death.pid),
            )
        )
    return found


def _repair(cluster: Cluster, recording: Recording, watch: Watch, writer: store.RunWriter) -> set[int]:
    """New processes for engines that died or could not be restored, so that the next run finds none of this one."""
    unfit = (recording.unclean | {death.engine for death in watch.deaths}) - watch.replaced
    for engine in sorted(unfit):
        cluster.replace(engine)
        writer.event("engine-replaced", engine=engine)
    return recording.unclean - watch.replaced


def _finished(writer: store.RunWriter, outcome: Outcome) -> Run:
    writer.timeline(chrome_trace(Run(writer.folder)))
    writer.finish(outcome)
    return Run(writer.folder)
