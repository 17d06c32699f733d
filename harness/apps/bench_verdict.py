"""How soon a verdict is there after a death and after the deadline, and how soon the engine is usable again."""

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import ipyparallel

from harness import cluster
from harness.apps.measured import spread
from harness.cluster import Cluster
from harness.errors import CannotWork
from harness.recorder import Target
from harness.store import Event, Run
from harness.triage import execute

REPEATS = 7
STOCK_REPEATS = 3
DEADLINE = 0.5  # seconds; long enough for the tasks to begin
LIMIT = 60.0  # seconds that anything may take
NEEDED = {
    "verdict after a death": 0.3,
    "verdict after the deadline": 0.5,
    "verdict after a swallowed interrupt": 0.5,
    "engine usable after an interrupt": 1.0,
    "engine usable after a replacement": 2.0,
}
HANGS = {
    "sleep": ("verdict after the deadline", "engine usable after an interrupt"),
    "stop": ("verdict after a stopped process", "engine usable after a stopped process"),
    "swallow": ("verdict after a swallowed interrupt", "engine usable after a replacement"),
}
"""How a task hangs, and what is timed then: the verdict, and until its engine answers again."""

Taken = dict[str, list[float]]


def run(repeats: int = REPEATS) -> dict[str, Any]:
    """Runs that crash or hang, on a warm forked cluster of two engines. Returns seconds: medians, least and most.

    A verdict is there when the outcome is written. A death is timed by the dying task's own clock, which is this
    machine's; the deadline by its event. An engine is usable when it has answered a task, counted from the deadline.
    Stock ipyparallel, in the same call, is timed from a death to the exception that its load-balanced view raises.
    """
    taken: Taken = {}
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder, "runs")
        with cluster.start(2) as running:
            for _ in range(repeats):
                _after_a_death(taken, running, runs)
                for how, (verdict, usable) in HANGS.items():
                    _after_the_deadline(taken, running, runs, how, verdict, usable)
                _proven(taken, running, runs)
        with cluster.start(2, backend="local", deadline=LIMIT) as stock:
            for _ in range(min(repeats, STOCK_REPEATS)):
                _on_stock(taken, stock, Path(folder))
    medians = {name: statistics.median(values) for name, values in taken.items()}
    return {
        "repeats": repeats,
        "seconds": {name: spread(values) for name, values in taken.items()},
        "needed": NEEDED,
        "holds": all(medians[name] <= needed for name, needed in NEEDED.items()),
    }


def main(view: Any, how: str, *more: Any) -> Any:
    """The target of these runs: one task that ends its engine, hangs in one of three ways, or can't ever be done."""
    if how == "unmet":
        with view.temp_flags(retries=9):
            return view.apply_async(_fail).get()
    return view.apply_async(
        {"die": _die, "sleep": time.sleep, "stop": _stop_itself, "swallow": _swallow}[how], *more
    ).get()


def _die(note: str) -> None:
    Path(note).write_text(repr(time.time()))
    os._exit(7)


def _stop_itself() -> None:
    import signal

    os.kill(os.getpid(), signal.SIGSTOP)


def _swallow() -> None:
    while True:
        try:
            time.sleep(1)
        except BaseException:
            continue


def _fail() -> None:
    raise ValueError("it always fails")


def _recorded(outcome: str, running: Cluster, runs: Path, deadline: float | None, *arguments: Any) -> Run:
    """A run of this file's main, which must have this outcome: else its times mean something else."""
    run = execute(Target(Path(__file__), "bench_verdict"), running, runs, arguments=arguments, deadline=deadline)
    if run.outcome is None or run.outcome.outcome != outcome:
        raise CannotWork(f"{arguments[0]} should end as {outcome}: see {run.outcome and run.outcome.reason}")
    return run


def _written(run: Run) -> float:
    assert run.manifest.ended is not None
    return run.manifest.ended


def _only(run: Run, kind: str) -> Event:
    [event] = run.of_kind(kind)
    return event


def _after_a_death(taken: Taken, running: Cluster, runs: Path) -> None:
    note = runs.parent / "death"
    run = _recorded("crash", running, runs, LIMIT, "die", str(note))
    died = float(note.read_text())
    _take(taken, "death noticed", _only(run, "death").time - died)
    _take(taken, "verdict after a death", _written(run) - died)


def _after_the_deadline(taken: Taken, running: Cluster, runs: Path, how: str, verdict: str, usable: str) -> None:
    run = _recorded("hang", running, runs, DEADLINE, how, *([1000] if how == "sleep" else []))
    assert run.outcome is not None
    passed = _only(run, "deadline").time
    _take(taken, verdict, _written(run) - passed)
    engine = run.outcome.hangs[0].engine
    with running.client() as client:
        client[engine].apply_async(os.getpid).get(timeout=LIMIT)
    _take(taken, usable, time.time() - passed)


def _proven(taken: Taken, running: Cluster, runs: Path) -> None:
    run = _recorded("hang", running, runs, None, "unmet")
    _take(taken, "verdict after the last attempt of an endless task", _written(run) - run.of_kind("raised")[-1].time)


def _on_stock(taken: Taken, stock: Cluster, folder: Path) -> None:
    note = folder / "death"
    with stock.client() as client:
        dying = client.load_balanced_view().apply_async(_die, str(note))
        try:
            dying.get(timeout=LIMIT)
        except ipyparallel.error.RemoteError:
            _take(taken, "stock ipyparallel: exception after a death", time.time() - float(note.read_text()))
    stock.resize(2)


def _take(taken: Taken, name: str, seconds: float) -> None:
    taken.setdefault(name, []).append(seconds)
