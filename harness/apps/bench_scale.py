"""How do time, memory and the record grow with the tasks, the engines and the tweets?"""

import gc
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ipyparallel as ipp
import pandas as pd
import psutil

from harness import cluster
from harness.analysis import parallel, tweets
from harness.apps.measured import growth, memory_of
from harness.apps.tour import steps
from harness.errors import CannotWork
from harness.places import TWEETS
from harness.store import Run
from harness.triage import record

TASKS = (1_000, 10_000, 100_000)
ENGINES = (1, 2, 4, 8, 16, 32, 64)
ROWS = (10_000, 100_000, 1_000_000)
WORKERS = 2
WINDOW = 1_000
"""Tasks out at a time."""
PATIENCE = 1_800.0  # seconds that anything may take
START = 300.0
SAMPLE = 0.5  # seconds between two looks at the memory


def run(
    tasks: Sequence[int] = TASKS, engines: Sequence[int] = ENGINES, rows: Sequence[int] = ROWS, folder: Path = TWEETS
) -> dict[str, Any]:
    """Record more and more: tiny tasks on two engines, a task on each of so many engines, tweets on two engines; once.

    memory: what the client, the controller and the engines held together at most (PSS), beyond before for tasks. growth
    is the exponent between the first and the last: 1 is in proportion, 0 does not grow.
    """
    return {
        "engines of tasks and tweets": WORKERS,
        **_with_growth("tasks", tasks, _tasks(tasks)),
        **_with_growth("engines", engines, [_engines(count) for count in engines]),
        **(_with_growth("tweets of each company", rows, _tweets(rows, folder)) if rows else {}),
    }


def _with_growth(what: str, sizes: Sequence[int], found: list[dict[str, float]]) -> dict[str, Any]:
    table: dict[str, Any] = {f"{size:,}": one for size, one in zip(sizes, found, strict=True)}
    if len(found) > 1:
        table["growth"] = {name: growth(sizes, [max(one[name], 1e-3) for one in found]) for name in found[0]}
    return {what: table}


def _tasks(counts: Sequence[int]) -> list[dict[str, float]]:
    found = []
    with cluster.start(WORKERS) as running, running.client() as client, tempfile.TemporaryDirectory() as runs:
        _send(client, WINDOW)  # everything has been imported after this
        for count in counts:
            gc.collect()
            with memory_of(lambda: _processes(running), SAMPLE) as held:
                begin = time.perf_counter()
                with record(client, runs=Path(runs), cluster=running) as recorded:
                    _send(client, count)
                    sent = time.perf_counter() - begin
                seconds = time.perf_counter() - begin
            found.append(
                {
                    "seconds": seconds,
                    "of these, opening, closing and judging": seconds - sent,
                    "memory more, MB": (max(held) - held[0]) / 1e6,
                    "run directory, MB": _size(_ok(recorded.run)),
                }
            )
    return found


def _send(client: ipp.Client, count: int) -> None:
    view = client.load_balanced_view()
    for start in range(0, count, WINDOW):
        sent = [view.apply_async(_tiny, number) for number in range(start, min(count, start + WINDOW))]
        client.wait(sent, PATIENCE)
        client.purge_local_results("all")  # ipyparallel keeps the results of each task, recorded or not


def _tiny(number: int) -> int:
    return number


def _engines(count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as runs:
        begin = time.perf_counter()
        with cluster.start(count, deadline=START) as running, running.client() as client:
            started = time.perf_counter() - begin
            begin = time.perf_counter()
            with record(client, runs=Path(runs), cluster=running) as recorded:
                client[:].apply_async(abs, 0).get(PATIENCE)  # for which no engine has to import this module
            ran = time.perf_counter() - begin
            with memory_of(lambda: _processes(running), SAMPLE) as held:
                while not held:
                    time.sleep(0.01)
            begin = time.perf_counter()
            client.close()
            running.stop(START)
            stopped = time.perf_counter() - begin
        return {
            "start, seconds": started,
            "a recorded task each, seconds": ran,
            "stop, seconds": stopped,
            "memory, MB": max(held) / 1e6,
            "run directory, MB": _size(_ok(recorded.run)),
        }


def _tweets(counts: Sequence[int], folder: Path) -> list[dict[str, float]]:
    found = []
    with cluster.start(WORKERS) as running, running.client() as client, tempfile.TemporaryDirectory() as place:
        client[:].apply_async(steps.start_up_on_one_thread).get(PATIENCE)
        for count in counts:
            tables = Path(place, str(count))
            _repeat(folder, tables, count)
            with memory_of(lambda: _processes(running), SAMPLE) as held:
                begin = time.perf_counter()
                with record(client, runs=Path(place, "runs"), cluster=running) as recorded:
                    parallel.run(recorded.view, folder=tables, timeout=PATIENCE)
                seconds = time.perf_counter() - begin
            found.append(
                {"seconds": seconds, "memory, MB": max(held) / 1e6, "run directory, MB": _size(_ok(recorded.run))}
            )
    return found


def _repeat(folder: Path, to: Path, count: int) -> None:
    """Tables of `count` tweets each: those of `folder`, again and again."""
    to.mkdir()
    for company in tweets.COMPANIES:
        table = pd.read_csv(folder / f"{company}.csv", dtype=str, keep_default_na=False)
        if table.empty:
            raise CannotWork(f"{folder}/{company}.csv has no tweets: run `harness data make`")
        repeated = pd.concat([table] * -(-count // len(table)))
        repeated.iloc[:count].to_csv(to / f"{company}.csv", index=False)


def _processes(running: cluster.Cluster) -> list[psutil.Process]:
    there = []
    for pid in running.alive_pids():
        if psutil.pid_exists(pid):
            there.append(psutil.Process(pid))
    return [psutil.Process(), *there]


def _ok(run: Run | None) -> Run:
    if run is None or run.outcome is None or run.outcome.outcome != "ok":
        raise CannotWork(f"a run that should be ok is not: {run and run.outcome and run.outcome.reason}; see {run}")
    return run


def _size(run: Run) -> float:
    """Megabytes of all files of a run."""
    return sum(path.stat().st_size for path in run.folder.rglob("*") if path.is_file()) / 1e6
