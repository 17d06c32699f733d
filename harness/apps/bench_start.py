"""How fast a cluster of two engines starts, forked and by stock ipyparallel, in turn."""

import contextlib
import logging
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipyparallel
import psutil

from harness import cluster
from harness.apps.measured import spread

ENGINES = 2
REPEATS = 5
LIMIT = 60.0  # seconds for each step

Taken = dict[str, list[float]]


def run(repeats: int = REPEATS) -> dict[str, Any]:
    """Start, use and stop both kinds of cluster in turn, `repeats` times. Returns seconds: medians, least and most.

    start: from the call until a client knows both engines, nothing preloaded. first task: the first round trip to
    both engines. attach: one more client of a running cluster. Stock ipyparallel has its defaults.
    """
    forked: Taken = {}
    stock: Taken = {}
    for _ in range(repeats):
        _use_forked(forked)
        _use_stock(stock)
    return {
        "engines": ENGINES,
        "repeats": repeats,
        "seconds, forked": {step: spread(values) for step, values in forked.items()},
        "seconds, stock ipyparallel": {step: spread(values) for step, values in stock.items()},
        "times as fast": statistics.median(stock["start"]) / statistics.median(forked["start"]),
    }


def _use_forked(taken: Taken) -> None:
    with contextlib.ExitStack() as ends:
        with _clocked(taken, "start"):
            running = ends.enter_context(cluster.start(ENGINES, deadline=LIMIT))
            client = ends.enter_context(running.client())
        assert len(client.ids) == ENGINES
        with _clocked(taken, "first task"):
            client[:].apply_async(int).get(timeout=LIMIT)
        with _clocked(taken, "attach"), running.client():
            pass
        with _clocked(taken, "replace an engine"):
            running.replace(0)
        client.close()
        with _clocked(taken, "stop"):
            running.stop()


def _use_stock(taken: Taken) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as ends:
        (Path(folder) / "security").mkdir()
        stock = ipyparallel.Cluster(
            n=ENGINES, profile_dir=folder, load_profile=False, engine_timeout=int(LIMIT), log=_silent()
        )
        before = _descendants()
        with _clocked(taken, "start"):
            client = stock.start_and_connect_sync()
        ends.callback(_kill, _descendants() - before)
        assert len(client.ids) == ENGINES
        with _clocked(taken, "first task"):
            client[:].apply_async(int).get(timeout=LIMIT)
        with _clocked(taken, "attach"), stock.connect_client_sync():
            pass
        client.close()
        with _clocked(taken, "stop"):
            stock.stop_cluster_sync()


@contextlib.contextmanager
def _clocked(taken: Taken, step: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    taken.setdefault(step, []).append(time.perf_counter() - began)


def _descendants() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def _kill(processes: set[psutil.Process]) -> None:
    # stock ipyparallel can leave its controller's schedulers behind; a Process refuses a reused id
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def _silent() -> logging.Logger:
    log = logging.getLogger("harness.bench.ipyparallel")
    log.setLevel(logging.CRITICAL)
    return log
