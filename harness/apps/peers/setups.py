"""How each tool is set up for the job, as its documentation advises; nothing of one is imported for another."""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from harness.apps.peers.job import DEADLINE, Job, seconds_alone
from harness.apps.tour.steps import start_up_on_one_thread

if TYPE_CHECKING:
    from harness.analysis.sequential import Analysis

PRELOAD = "harness.apps.tour.preloaded"
OURS = "harness"
SPAWN, FORK, SERVER = (
    "concurrent.futures, spawn",
    "multiprocessing.Pool, fork",
    "multiprocessing.Pool, forkserver with TensorFlow",
)
LOOPBACK, PIPES = "loopback", "pipes"


@dataclass(frozen=True)
class Open:
    """A tool whose workers have started up. `tour` does the job once; `alone` half of it in each worker at once.

    `alone`, for the first half, 0, or the second, 1, returns the seconds that each worker took.
    """

    tour: "Callable[[], Mapping[str, Analysis]]"
    alone: Callable[[int], list[float]] | None = None


@contextmanager
def with_harness(job: Job) -> Iterator[Open]:
    """This project: engines forked from a process that has TensorFlow loaded, everything recorded and judged."""

    def read() -> "list[tuple[str, list[Any]]]":
        import_module("harness.triage")
        return list(job.pieces())

    with ExitStack() as ends:
        # while the engines' modules are loaded in another process
        ahead = [ends.enter_context(ThreadPoolExecutor(1)).submit(read)]
        from harness import cluster

        running = ends.enter_context(cluster.start(job.workers, preload=(PRELOAD,), deadline=DEADLINE))
        client = ends.enter_context(running.client())
        runs = Path(ends.enter_context(tempfile.TemporaryDirectory()))

        from harness.analysis.parallel import added
        from harness.analysis.sequential import analyse
        from harness.triage import record

        def analysed(view: Any, pieces: "Iterable[tuple[str, list[Any]]]") -> "dict[str, Analysis]":
            sent = [(company, view.map_async(analyse, parts)) for company, parts in pieces]
            return added((company, results.get(DEADLINE)) for company, results in sent)

        def tour() -> "dict[str, Analysis]":
            with record(client, runs=runs, cluster=running) as recorded:
                if not ahead:
                    return analysed(recorded.view, job.pieces())
                # parts are sent while engines start up
                ready = client[:].apply_async(start_up_on_one_thread)
                found = analysed(recorded.view, ahead.pop().result(DEADLINE))
                ready.get(DEADLINE)
                return found

        def alone(half: int) -> list[float]:
            return client[:].apply_async(seconds_alone, job.folder, job.rows, half).get(DEADLINE)

        yield Open(tour, alone)


@contextmanager
def with_ipyparallel(job: Job) -> Iterator[Open]:
    """ipyparallel as it comes: its own launchers, a load-balanced view, every engine initialised by a direct view."""
    import ipyparallel

    from harness.analysis import parallel

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "security").mkdir()
        stock = ipyparallel.Cluster(n=job.workers, profile_dir=folder, load_profile=False, engine_timeout=int(DEADLINE))
        with stock as client:
            client.wait_for_engines(job.workers, timeout=DEADLINE)
            client[:].apply_async(start_up_on_one_thread).get(DEADLINE)
            view = client.load_balanced_view()
            yield Open(lambda: parallel.run(view, folder=job.folder, rows=job.rows, timeout=DEADLINE))


@contextmanager
def with_futures(job: Job) -> Iterator[Open]:
    """ProcessPoolExecutor: an initialiser for the model; spawn, as numpy has threads here that a fork would lose."""
    from concurrent.futures import ProcessPoolExecutor

    from harness.analysis.parallel import added
    from harness.analysis.sequential import analyse

    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(job.workers, mp_context=spawn, initializer=start_up_on_one_thread) as executor:
        # a list: all is sent before the first result is waited for
        yield Open(lambda: added([(company, executor.map(analyse, parts)) for company, parts in job.pieces()]))


@contextmanager
def _with_pool(job: Job, method: str) -> Iterator[Open]:
    from harness.analysis.parallel import added
    from harness.analysis.sequential import analyse

    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([PRELOAD, "__main__"])
    with context.Pool(job.workers, initializer=start_up_on_one_thread) as pool:

        def tour() -> "dict[str, Analysis]":
            sent = [(company, pool.map_async(analyse, parts, chunksize=1)) for company, parts in job.pieces()]
            return added((company, results.get(DEADLINE)) for company, results in sent)

        yield Open(tour)


def with_pool(job: Job) -> AbstractContextManager[Open]:
    """Pool as it comes on Linux before Python 3.14: forked from this process, which has no TensorFlow yet."""
    return _with_pool(job, "fork")


def with_server(job: Job) -> AbstractContextManager[Open]:
    """Pool forked from a server that has imported TensorFlow once, by `set_forkserver_preload`."""
    return _with_pool(job, "forkserver")


@contextmanager
def with_joblib(job: Job) -> Iterator[Open]:
    """joblib: loky's workers, used again by each call, one inner thread each; a task a part, all sent at once."""
    from joblib import Parallel, delayed, parallel_config

    from harness.analysis.parallel import added
    from harness.analysis.sequential import analyse

    def tour() -> "dict[str, Analysis]":
        sent: list[str] = []

        def calls() -> Iterator[Any]:
            for company, parts in job.pieces():
                for part in parts:
                    sent.append(company)
                    yield delayed(analyse)(part)

        results = Parallel(batch_size=1, pre_dispatch="all")(calls())
        return added((company, [found]) for company, found in zip(sent, results, strict=True))

    with parallel_config("loky", n_jobs=job.workers, inner_max_num_threads=1, initializer=start_up_on_one_thread):
        yield Open(tour)


@contextmanager
def with_dask(job: Job) -> Iterator[Open]:
    """dask.distributed: a process with one thread for each worker, tables scattered, each worker initialised by run."""
    from distributed import Client, LocalCluster

    from harness.analysis.parallel import added
    from harness.analysis.sequential import analyse

    with (
        LocalCluster(n_workers=job.workers, threads_per_worker=1, dashboard_address=None) as local,
        Client(local) as client,
    ):
        client.run(start_up_on_one_thread)

        def tour() -> "dict[str, Analysis]":
            # without hashing: parts differ, and none is sent twice
            sent = [
                (company, client.map(analyse, client.scatter(parts, hash=False), pure=False))
                for company, parts in job.pieces()
            ]
            return added((company, client.gather(parts)) for company, parts in sent)

        yield Open(tour)


@contextmanager
def with_ray(job: Job) -> Iterator[Open]:
    """ray: an actor for each worker, which keeps the model; parts go through the object store."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray
    from ray.util import ActorPool

    from harness.analysis.parallel import added
    from harness.analysis.sequential import analyse

    class Analyst:
        """Keeps the model between calls."""

        def __init__(self) -> None:
            start_up_on_one_thread()

        def ready(self) -> bool:
            return True

        def analyse(self, part: "Any") -> "Analysis":
            return analyse(part)

    ray.init(num_cpus=job.workers, include_dashboard=False, log_to_driver=False)
    try:
        actors = [ray.remote(num_cpus=1)(Analyst).remote() for _ in range(job.workers)]
        ray.get([actor.ready.remote() for actor in actors], timeout=DEADLINE)
        pool = ActorPool(actors)

        def tour() -> "dict[str, Analysis]":
            counts: list[tuple[str, int]] = []
            for company, parts in job.pieces():
                counts.append((company, len(parts)))
                for part in parts:
                    pool.submit(lambda actor, table: actor.analyse.remote(table), ray.put(part))
            return added((company, [pool.get_next() for _ in range(count)]) for company, count in counts)

        yield Open(tour)
    finally:
        ray.shutdown()


@dataclass(frozen=True)
class Peer:
    """A tool: the package that it needs (None: Python's own), and how what it sends can be counted, if it can.

    `once`: whether it imports TensorFlow once for all its workers.
    """

    opened: Callable[[Job], AbstractContextManager[Open]]
    package: str | None
    sends: str | None
    once: bool = False


PEERS: Mapping[str, Peer] = MappingProxyType(
    {
        OURS: Peer(with_harness, "ipyparallel", LOOPBACK, once=True),
        "ipyparallel": Peer(with_ipyparallel, "ipyparallel", LOOPBACK),
        SPAWN: Peer(with_futures, None, PIPES),
        FORK: Peer(with_pool, None, PIPES),
        SERVER: Peer(with_server, None, PIPES, once=True),
        "joblib, loky": Peer(with_joblib, "joblib", PIPES),
        "dask.distributed": Peer(with_dask, "distributed", LOOPBACK),
        "ray": Peer(with_ray, "ray", None),
    }
)
