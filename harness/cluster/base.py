"""What every running cluster can do, whichever way its processes are started."""

import abc
import contextlib
import logging
import os
import queue
import signal
import threading
import time
import weakref
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from harness.cluster.process import Death, EngineProcess
from harness.errors import BadInput, CannotWork

try:
    import fcntl
except ImportError:  # a system without it has no warm clusters to share either
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    import ipyparallel

log = logging.getLogger(__name__)

IN_USE = "in-use"
"""The file in a cluster's folder that whoever runs something on it has locked."""
POLL = 0.002
"""Seconds between two looks at what ipyparallel does not notify us of."""
LOOK = 1.0
"""Seconds of a wait after which it is asked whether what is waited for can still come."""


class Cluster(abc.ABC):
    """A running controller and its engines. A context manager: leaving it stops the cluster (or, if it is a warm
    one, lets go of it).

    A backend implements the methods marked abstract and calls `_appeared` and `_died`.
    """

    backend: str
    drops_queued = False
    """Whether `abort_queued` serves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._changed = threading.Condition()
        self._engines: dict[int, EngineProcess] = {}
        self._uuids: dict[int, str] = {}
        self._deaths: list[Death] = []
        self._callbacks: list[Callable[[Death], None]] = []
        self._undelivered: queue.SimpleQueue[Death] = queue.SimpleQueue()
        self._deliverer: threading.Thread | None = None
        self._clients: weakref.WeakSet[Any] = weakref.WeakSet()
        self._busy: set[int] = set()
        self._broken: str | None = None
        self._closing = False
        self._stopped = False
        self._claimed: int | None = None
        self._one_run = threading.Lock()

    # ------------------------------------------------------------------ for backends

    @property
    @abc.abstractmethod
    def connection_file(self) -> Path:
        """ipyparallel's connection file for clients."""

    @abc.abstractmethod
    def attach(self, limit: float) -> None:
        """Learn what runs; `limit` is a time of `time.monotonic`. Raises CannotWork if the cluster is silent."""

    @abc.abstractmethod
    def _spawn(self, engine_id: int, limit: float) -> None:
        """Start an engine under this id, report it by `_appeared`."""

    @abc.abstractmethod
    def _kill(self, engine_id: int, limit: float) -> None:
        """Kill the engine's process group. Its end is reported by `_died`."""

    @abc.abstractmethod
    def _await_registered(self, engine_ids: Collection[int], limit: float) -> None:
        """Wait until the hub knows these engines; fill `_uuids`."""

    @abc.abstractmethod
    def stop(self, deadline: float = 10.0) -> None:
        """Stop the cluster for everybody: nothing of it is alive afterwards, its files are gone. May be repeated.

        What has not ended by itself after `deadline` seconds is killed. Raises CannotWork if even that fails.
        """

    @abc.abstractmethod
    def alive_pids(self) -> list[int]:
        """The ids of all processes of this cluster that are alive, its tasks' child processes included."""

    def _introduce(self, client: Any, limit: float) -> None:  # noqa: B027
        """Wait until the new client hears what is published, where the backend can tell."""

    def _check_serving(self) -> None:  # noqa: B027
        """Raise CannotWork if what is waited for can't come; looked at about every second of a wait."""

    def stopped_parts(self) -> dict[int, str]:
        """Processes of the cluster, engines apart, that a signal has stopped: what each is, by process id.

        Stock ipyparallel's cluster does not tell.
        """
        return {}

    def resume(self) -> dict[int, str]:
        """Have the parts that a signal has stopped go on; returns them as `stopped_parts` does."""
        stopped = self.stopped_parts()
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        return stopped

    def abort_queued(self, client: "ipyparallel.Client", msg_ids: list[str]) -> None:  # noqa: B027
        """Have those of these tasks that wait in the scheduler's queue answered with TaskAborted, and none tried again.

        Stock ipyparallel's scheduler can't be asked; there they stay queued until an engine is free.
        """

    def end_orphans(self, deadline: float = 5.0) -> list[int]:
        """Kill the processes whose parent, a task's process or an engine, has ended; returns their ids.

        Stock ipyparallel does not know them: there they stay. Raises CannotWork after `deadline` seconds.
        """
        return []

    def close(self) -> None:
        """Let go of the cluster: stop it if it is ours."""
        self.stop()

    # ------------------------------------------------------------------ one run at a time

    def claim(self) -> bool:
        """Keep the runs of other processes from this cluster until `close`; False if one of them has it now."""
        if self._claimed is None and fcntl is not None:
            lock = os.open(self.folder / IN_USE, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                return False
            self._claimed = lock
        return True

    @contextlib.contextmanager
    def used_by_one_run(self, patience: float = 30.0) -> Iterator[None]:
        """Keep other runs, of this process and of others, from these engines meanwhile: they would end its recording.

        Raises CannotWork if another one has them for `patience` seconds more.
        """
        limit = time.monotonic() + patience
        busy = "another run uses the engines of this cluster: let it end, or stop it, then run again"
        if not self._one_run.acquire(timeout=patience):
            raise CannotWork(busy)
        mine = self._claimed is None
        try:
            while not self.claim():
                if time.monotonic() > limit:
                    raise CannotWork(busy)
                time.sleep(0.02)
            yield
        finally:
            if mine:
                self._unclaim()
            self._one_run.release()

    def _unclaim(self) -> None:
        if self._claimed is not None:
            os.close(self._claimed)
            self._claimed = None

    # ------------------------------------------------------------------ for users

    def client(self, deadline: float = 10.0) -> "ipyparallel.Client":
        """A new client that knows every engine that has registered. Close it, or use it in a `with`.

        Raises CannotWork if the cluster is stopped or broken, or does not answer for `deadline` seconds.
        """
        import ipyparallel

        limit = time.monotonic() + deadline
        self._check_usable()
        try:
            client = ipyparallel.Client(str(self.connection_file), timeout=deadline)
        except (OSError, TimeoutError) as problem:
            raise CannotWork(
                f"the cluster's controller does not answer ({problem}): start the cluster again"
            ) from problem
        try:
            self._introduce(client, limit)
        except BaseException:
            client.close()
            raise
        self._clients.add(client)
        with self._changed:
            registered = set(self._uuids)
        self._await_known(registered, limit)
        return client

    @property
    def engines(self) -> dict[int, EngineProcess]:
        """The engines that are alive, by id: a copy."""
        with self._changed:
            return dict(sorted(self._engines.items()))

    def is_here(self, engine_id: int) -> bool:
        """Whether the engine's process is on this machine, as all of this kind of cluster are."""
        return True

    def deaths(self) -> list[Death]:
        """Every engine's end so far, oldest first."""
        with self._changed:
            return list(self._deaths)

    def on_death(self, callback: Callable[[Death], None]) -> Callable[[], None]:
        """Have `callback` called, in a thread of its own, whenever an engine ends. Returns what unsubscribes it.

        It may call any method of the cluster. What it raises is logged, and nothing more.
        """
        with self._changed:
            self._callbacks.append(callback)
            if self._deliverer is None:
                self._deliverer = threading.Thread(target=self._deliver, name="cluster-deaths", daemon=True)
                self._deliverer.start()

        def unsubscribe() -> None:
            with self._changed, contextlib.suppress(ValueError):
                self._callbacks.remove(callback)

        return unsubscribe

    def replace(self, engine_id: int, deadline: float = 10.0) -> None:
        """Kill the engine's process group if it is alive, start a new engine under the same id, wait until the hub
        and the open clients that came from `client` know it.

        Raises BadInput for an id this cluster never had, CannotWork after `deadline` seconds.
        """
        limit = time.monotonic() + deadline
        self._check_usable()
        if engine_id not in self._engines and all(death.engine != engine_id for death in self.deaths()):
            raise BadInput(f"there is no engine {engine_id}: the engines are {sorted(self._engines)}")
        self._change([engine_id], [engine_id], limit)

    def end(self, engine_id: int, deadline: float = 10.0) -> None:
        """Kill the engine's process group if it is alive, wait until its end is known, to the open clients too.

        Its end counts as requested. `replace` starts a new one. Raises CannotWork after `deadline` seconds.
        """
        limit = time.monotonic() + deadline
        self._check_usable()
        with self._changed:
            uuid = self._uuids.get(engine_id)
        self._change([engine_id], [], limit)
        self._await_clients(lambda client: client._engines.get(engine_id) != uuid or uuid is None, limit)

    def resize(self, n: int, deadline: float = 60.0) -> None:
        """Have exactly the engines 0 … n-1 alive: start those missing, kill those above."""
        if n < 1:
            raise BadInput(f"a cluster has at least 1 engine, not {n}")
        limit = time.monotonic() + deadline
        self._check_usable()
        alive = self.engines
        excess = [each for each in alive if each >= n]
        self._change(excess, [each for each in range(n) if each not in alive], limit)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------------ shared by backends

    def _appeared(self, engine: EngineProcess) -> None:
        with self._changed:
            self._engines[engine.id] = engine
            self._uuids.pop(engine.id, None)
            self._changed.notify_all()

    def _died(self, death: Death) -> None:
        with self._changed:
            if (known := self._engines.get(death.engine)) and known.pid == death.pid:
                del self._engines[death.engine]
                self._uuids.pop(death.engine, None)
            self._deaths.append(death)
            self._changed.notify_all()
            if self._callbacks and not self._closing:
                self._undelivered.put(death)

    def _deliver(self) -> None:
        while True:
            death = self._undelivered.get()
            with self._changed:
                callbacks = list(self._callbacks)
            for callback in callbacks:
                try:
                    callback(death)
                except Exception:
                    log.exception("a callback failed on the death of engine %s", death.engine)

    def _change(self, kill: Collection[int], start: Collection[int], limit: float) -> None:
        with self._claim({*kill, *start}, limit):
            for engine_id in kill:
                if engine_id in self.engines:
                    self._kill(engine_id, limit)
            self._await(lambda: not set(kill) & set(self._engines), limit, "killed engines did not end")
            for engine_id in start:
                self._spawn(engine_id, limit)
            self._await_registered(start, limit)
        self._await_known(start, limit)

    @contextlib.contextmanager
    def _claim(self, engine_ids: set[int], limit: float) -> Iterator[None]:
        """Keep others of this process from starting or killing the same engines."""
        with self._changed:
            self._await(lambda: not self._busy & engine_ids, limit, "others did not finish with the same engines")
            self._busy |= engine_ids
        try:
            yield
        finally:
            with self._changed:
                self._busy -= engine_ids
                self._changed.notify_all()

    def _await(self, reached: Callable[[], bool], limit: float, otherwise: str) -> None:
        with self._changed:
            while not (done := self._changed.wait_for(lambda: self._broken or self._stopped or reached(), LOOK)):
                self._check_serving()
                if time.monotonic() > limit:
                    break
            self._check_usable()
        if not done:
            raise CannotWork(
                f"{otherwise} in time; see whether harness doctor finds why, and the logs in {self.folder}"
            )

    def _await_known(self, engine_ids: Collection[int], limit: float) -> None:
        """Wait until every open client addresses the present incarnation of these engines."""

        def is_told(client: Any) -> bool:
            with self._changed:
                known = {each: self._uuids[each] for each in engine_ids if each in self._uuids}
            return all(client._engines.get(each) == uuid for each, uuid in known.items())

        self._await_clients(is_told, limit)

    def _await_clients(self, is_told: Callable[[Any], bool], limit: float) -> None:
        """Wait until what happened to engines is told to every open client."""
        for client in list(self._clients):
            while not client._closed and client._io_thread.is_alive() and not is_told(client):
                if time.monotonic() > limit:
                    raise CannotWork("a client was not told of what became of the engines: make a new client")
                time.sleep(POLL)

    def _break(self, reason: str) -> None:
        with self._changed:
            self._broken = self._broken or reason
            self._changed.notify_all()

    def _check_usable(self) -> None:
        if self._stopped:
            raise CannotWork("the cluster was stopped: start a new one")
        if self._broken:
            raise CannotWork(f"{self._broken}: run again, or start a new cluster")
