"""What recording costs: CPU of all processes a task, recorded against bare ipyparallel, in turn on one cluster."""

import gc
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import ipyparallel as ipp
import psutil

from harness import cluster
from harness.triage import record

ENGINES = 2
TASKS = 2_000
FAILING = 200
ROUNDS = 5
GROWTH = (1_000, 10_000, 100_000)
WINDOW = 1_000
"""Tasks out at a time where many are sent, so that what is measured is the record and not the scheduler's queue."""
PATIENCE = 600.0  # seconds for one window
MOST_EXTRA = 0.5
"""Milliseconds of CPU that recording may add to a tiny task."""
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


def run(
    tasks: int = TASKS, failing: int = FAILING, rounds: int = ROUNDS, growth: tuple[int, ...] = GROWTH
) -> dict[str, Any]:
    """Send `tasks` tiny and `failing` failing tasks, bare and recorded in turn, `rounds` times; then more and more.

    CPU is that of the client, the controller and the engines together. What recording no task at all costs (opening,
    closing, judging) is measured by itself and taken off. Each figure is the median of the rounds, with the least and
    the most. growth: numbers of tasks of which the cost a task and the client's memory are compared.
    """
    with cluster.start(ENGINES) as running, running.client() as client, tempfile.TemporaryDirectory() as folder:
        bench = _Bench(running, client, Path(folder))
        bench.cpu(lambda: _send(client, _tiny, WINDOW))  # everything has been imported after this
        bench.recorded(lambda: _send(client, _failing, 10))
        return {
            "engines": ENGINES,
            "rounds": rounds,
            f"CPU of {tasks} tiny tasks": _tiny_tasks(bench, tasks, rounds),
            f"CPU of {failing} failing tasks": _failing_tasks(bench, failing, rounds),
            "growth": _growth(bench, growth),
        }


class _Bench:
    """A cluster and its client, and what work through them costs."""

    def __init__(self, running: cluster.Cluster, client: ipp.Client, folder: Path) -> None:
        self.running = running
        self.client = client
        self.folder = folder

    def cpu(self, work: Callable[[], object]) -> float:
        """Seconds of CPU that all processes spend while the work is done."""
        processes = [psutil.Process(), *(psutil.Process(pid) for pid in self.running.alive_pids())]
        before = [process.cpu_times() for process in processes]
        work()
        after = [process.cpu_times() for process in processes]
        return sum(
            one.user + one.system - (other.user + other.system) for one, other in zip(after, before, strict=True)
        )

    def recorded(self, work: Callable[[], object]) -> float:
        """The same, with the work recorded and judged."""
        with self._recording() as around:
            return self.cpu(lambda: around(work))

    @contextmanager
    def _recording(self) -> Iterator[Callable[[Callable[[], object]], None]]:
        with tempfile.TemporaryDirectory(dir=self.folder) as runs:

            def around(work: Callable[[], object]) -> None:
                with record(self.client, runs=Path(runs), cluster=self.running):
                    work()

            yield around


def _tiny(number: int) -> int:
    return number


def _failing(number: int) -> int:
    raise ValueError(number)


def _send(client: ipp.Client, function: Callable[[int], int], count: int) -> None:
    """Send `count` tasks, one message each, a window at a time, and fetch every answer."""
    view = client.load_balanced_view()
    for start in range(0, count, WINDOW):
        sent = [view.apply_async(function, number) for number in range(start, min(count, start + WINDOW))]
        for answer in sent:
            answer.exception(timeout=PATIENCE)
        client.purge_local_results("all")  # ipyparallel keeps the metadata of each task, bare or recorded


def _tiny_tasks(bench: _Bench, count: int, rounds: int) -> dict[str, Any]:
    bare, recorded, fixed = _rounds(bench, _tiny, count, rounds)
    more = [(one - other - empty) / count * 1e3 for one, other, empty in zip(recorded, bare, fixed, strict=True)]
    return {
        "ms a task, bare": _summary([seconds / count * 1e3 for seconds in bare]),
        "ms a task more, recorded": _summary(more),
        "seconds for opening, closing and judging": _summary(fixed),
        f"at most {MOST_EXTRA} ms more": median(more) <= MOST_EXTRA,
    }


def _failing_tasks(bench: _Bench, count: int, rounds: int) -> dict[str, Any]:
    bare, recorded, fixed = _rounds(bench, _failing, count, rounds)
    without = [(one - empty) / count * 1e3 for one, empty in zip(recorded, fixed, strict=True)]
    return {
        "ms a task, bare": _summary([seconds / count * 1e3 for seconds in bare]),
        "ms a task, recorded": _summary(without),
        "cheaper than bare": median(without) < median(bare) / count * 1e3,
    }


def _rounds(bench: _Bench, function: Callable[[int], int], count: int, rounds: int) -> tuple[list[float], ...]:
    """Seconds of CPU: bare, recorded, and recorded without a task."""
    bare, recorded, fixed = [], [], []
    for _ in range(rounds):
        bare.append(bench.cpu(lambda: _send(bench.client, function, count)))
        recorded.append(bench.recorded(lambda: _send(bench.client, function, count)))
        fixed.append(bench.recorded(lambda: None))
    return bare, recorded, fixed


def _growth(bench: _Bench, counts: tuple[int, ...]) -> dict[str, Any]:
    """For more and more tasks, recorded: milliseconds of CPU a task, and megabytes that the client took beyond before.

    The most memory that a process ever had does not shrink again: the counts are to rise.
    """
    figures: dict[str, Any] = {}
    costs = []
    for count in counts:
        gc.collect()
        before = psutil.Process().memory_info().rss
        costs.append(bench.recorded(lambda count=count: _send(bench.client, _tiny, count)) / count * 1e3)  # type: ignore[misc]
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT
        figures[f"{count} tasks"] = {
            "ms a task": costs[-1],
            "MB of the client at most": most / 1e6,
            "MB more than before": max(0.0, (most - before) / 1e6),
        }
    if len(costs) > 1:
        figures["last against first, a task"] = costs[-1] / costs[0]
    return figures


def _summary(values: list[float]) -> str:
    return f"{median(values):.3f} ({min(values):.3f} to {max(values):.3f})"
