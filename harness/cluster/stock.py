"""A cluster started by ipyparallel's own launchers: for systems without fork, and for comparison.

Launchers for other machines (ssh, mpi, slurm) fit in as further launcher classes of `ipyparallel.Cluster`.
"""

import asyncio
import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Collection, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import ipyparallel
import psutil
from ipyparallel.cluster.launcher import LocalEngineLauncher, LocalEngineSetLauncher
from traitlets.config import Config

from harness.cluster import folders, guardian
from harness.cluster.base import POLL, Cluster
from harness.cluster.process import Death, EngineProcess, signal_name
from harness.cluster.wish import Wish
from harness.errors import CannotWork

T = TypeVar("T")
CLUSTER_FILE = "cluster.json"
NOTES_FILE = "notes.json"


class KeptOutput(LocalEngineLauncher):
    """Leaves an engine's output file where it is when the engine ends: its last words are in it."""

    def get_output(self, remove: bool = False) -> str:
        return ""


class OneEngine(LocalEngineSetLauncher):
    """A set of one engine, so that it can be replaced without the others."""

    launcher_class = KeptOutput


class StockCluster(Cluster):
    """An `ipyparallel.Cluster` with one engine set for each engine, driven by an event loop in a thread of its own.

    The exit code of an engine is known to the process that started the engine; to others it is None.
    """

    backend = "local"

    def __init__(self, folder: Path, guardian: "subprocess.Popen[bytes] | None" = None) -> None:
        super().__init__(folder)
        self._guardian = guardian
        self._pid = os.getpid()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="cluster-loop", daemon=True)
        self._thread.start()
        self._cluster: Any = None
        self._observer: Any = None
        self._notes: dict[str, Any] = {}
        self._environment: dict[str, str] = {}
        self._requested: set[int] = set()
        self._seen: set[folders.Identity] = set()

    @property
    def connection_file(self) -> Path:
        return self.folder / "profile" / "security" / "ipcontroller-client.json"

    @property
    def controller(self) -> folders.Identity:
        """The controller's process."""
        return folders.identify(self._cluster.controller.pid)

    # ------------------------------------------------------------------ the beginning

    def begin(self, wish: Wish, limit: float) -> None:
        """Start the controller, and the engines when it listens."""
        (self.folder / "profile").mkdir()
        self._environment = dict(wish.environment)
        extra = {str(engine): dict(variables) for engine, variables in wish.engine_environments.items()}
        self._notes = {"cwd": str(wish.cwd), "engine_environments": extra}
        (self.folder / NOTES_FILE).write_text(json.dumps(self._notes))
        self._cluster = self._do(self._construct(), limit)
        self._do(self._cluster.start_controller(environment=self._environment), limit)
        self._observe(limit)
        self._change([], range(wish.engines), limit)
        self._look()

    async def _construct(self) -> Any:
        # a config of its own keeps the user's profile and the present IPython session out
        return ipyparallel.Cluster(
            config=Config(),
            load_profile=False,
            profile_dir=str(self.folder / "profile"),
            cluster_id="",
            cluster_file=str(self.folder / CLUSTER_FILE),
            engines=OneEngine,
            controller_args=[
                *self._places(),
                "--HeartMonitor.period=100",
                "--HeartMonitor.max_heartmonitor_misses=300",
            ],
            shutdown_atexit=self._guardian is not None,
            log=_quiet_log(),
        )

    def attach(self, limit: float) -> None:
        self._find(limit)
        self._observe(limit)
        self._await_registered(list(self._engines), limit)

    def _find(self, limit: float) -> None:
        """Learn from ipyparallel's file which processes there are."""
        self._notes = json.loads((self.folder / NOTES_FILE).read_text())
        self._environment = dict(os.environ)
        self._cluster = self._do(self._reconstruct(), limit)
        for name, engine_set in self._cluster.engines.items():
            for launcher in engine_set.launchers.values():
                self._follow(_engine_of(name), launcher)
        self._look()

    async def _reconstruct(self) -> Any:
        file = self.folder / CLUSTER_FILE
        known = json.loads(file.read_text())
        # ipyparallel writes a class of ours in a form that it can't read
        known["engines"]["class"] = f"{OneEngine.__module__}.{OneEngine.__qualname__}"
        return ipyparallel.Cluster.from_dict(
            known, cluster_file=str(file), config=Config(), load_profile=False, log=_quiet_log()
        )

    def _observe(self, limit: float) -> None:
        while not _is_whole(self.connection_file):
            if self._cluster.controller.poll() is not None:
                raise CannotWork("the controller ended while starting: see the cluster's log, and start it again")
            if time.monotonic() > limit:
                raise CannotWork("the controller did not start in time: start the cluster with a longer deadline")
            time.sleep(POLL)
        try:
            patience = max(0.1, limit - time.monotonic())
            self._observer = ipyparallel.Client(str(self.connection_file), timeout=patience)
        except (OSError, TimeoutError) as problem:
            raise CannotWork(f"the cluster's controller does not answer ({problem}): start the cluster again") from None

    def _do(self, work: Coroutine[Any, Any, T], limit: float) -> T:
        """Run ipyparallel's coroutines in the loop's thread, where its launchers live."""
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result(max(0.1, limit - time.monotonic()))
        except TimeoutError:
            raise CannotWork("ipyparallel's launcher did not finish in time: start the cluster again") from None

    # ------------------------------------------------------------------ engines

    def _places(self) -> list[str]:
        profile = self.folder / "profile"
        return ["--log-level=WARN", f"--profile-dir={profile}", f"--work-dir={self._notes['cwd']}"]

    def _spawn(self, engine_id: int, limit: float) -> None:
        while engine_id in self._observer.ids:
            if time.monotonic() > limit:
                raise CannotWork(f"the hub did not forget the former engine {engine_id}: start the cluster again")
            time.sleep(POLL)
        name = f"engine-{engine_id}-{time.time_ns()}"
        extra = self._notes["engine_environments"].get(str(engine_id), {})
        self._do(
            self._cluster.start_engines(
                n=1,
                engine_set_id=name,
                environment={**self._environment, **extra},
                engine_args=[*self._places(), f"--IPEngine.id={engine_id}"],
            ),
            limit,
        )
        for launcher in self._cluster.engines[name].launchers.values():
            self._follow(engine_id, launcher)

    def _follow(self, engine_id: int, launcher: Any) -> None:
        started = psutil.Process(launcher.pid).create_time()
        self._appeared(EngineProcess(engine_id, launcher.pid, started, Path(launcher.output_file), None))
        self._loop.call_soon_threadsafe(launcher.on_stop, lambda data: self._ended(engine_id, launcher, data))

    def _ended(self, engine_id: int, launcher: Any, data: dict[str, Any]) -> None:
        code = data.get("exit_code")
        number = -code if isinstance(code, int) and code < 0 else None
        self._died(
            Death(
                engine=engine_id,
                pid=launcher.pid,
                exit_code=code if isinstance(code, int) and code >= 0 else None,
                signal=number,
                signal_name=signal_name(number) if number else None,
                time=time.time(),
                output=Path(launcher.output_file),
                requested=launcher.pid in self._requested and number in (None, getattr(signal, "SIGKILL", None)),
            )
        )

    def _kill(self, engine_id: int, limit: float) -> None:
        pid = self.engines[engine_id].pid
        self._requested.add(pid)
        with contextlib.suppress(psutil.Error):
            engine = psutil.Process(pid)
            family = engine.children(recursive=True)
            engine.kill()
            # the nanny tells the hub of the engine's end, then ends by itself
            for process in family:
                with contextlib.suppress(psutil.Error):
                    if "ipyparallel.engine.nanny" not in process.cmdline():
                        process.kill()

    def _await_registered(self, engine_ids: Collection[int], limit: float) -> None:
        for engine_id in engine_ids:
            while engine_id not in self._observer.ids:
                if engine_id not in self.engines:
                    raise CannotWork(f"engine {engine_id} ended while starting: see {self.folder}/profile/log")
                if time.monotonic() > limit:
                    raise CannotWork(f"engine {engine_id} did not register in time: see {self.folder}/profile/log")
                time.sleep(POLL)
            with self._changed:
                self._uuids[engine_id] = self._observer._engines[engine_id]
                self._changed.notify_all()

    # ------------------------------------------------------------------ the end

    def _look(self) -> None:
        """Remember the descendants of the controller and the engines, for the time when these are gone."""
        roots = [engine.pid for engine in self.engines.values()]
        if self._cluster is not None and self._cluster.controller is not None:
            roots.append(self._cluster.controller.pid)
        for pid in roots:
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
                    self._seen.add(folders.identify(process.pid))

    def alive_pids(self) -> list[int]:
        self._look()
        self._seen = {each for each in self._seen if folders.is_alive(each)}
        return sorted(pid for pid, _ in self._seen)

    def stop(self, deadline: float = 10.0) -> None:
        if self._stopped or os.getpid() != self._pid:
            return
        self._closing = True
        limit = time.monotonic() + deadline
        if self._cluster is None and (self.folder / CLUSTER_FILE).exists():
            self._find(limit)
        # ipyparallel's own stop asks the controller to end, which can leave its schedulers behind
        while left := self.alive_pids():
            for pid in left:
                with contextlib.suppress(psutil.NoSuchProcess):
                    psutil.Process(pid).kill()
            if time.monotonic() > limit:
                raise CannotWork(f"the cluster did not stop within {deadline:g} s: processes {left} are alive")
            time.sleep(POLL)
        if self._cluster is not None:
            self._do(self._cluster.stop_cluster(), limit)
        self._detach()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._guardian is not None:
            self._guardian.kill()
            self._guardian.wait()

    def close(self) -> None:
        if self._guardian is not None:
            self.stop()
        elif not self._stopped and os.getpid() == self._pid:
            self._detach()

    def _detach(self) -> None:
        self._unclaim()
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if self._observer is not None:
            self._observer.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()


def start_owned(wish: Wish, deadline: float) -> StockCluster:
    """See `harness.cluster.wish.Backend`. When this process is killed, a guardian ends the cluster."""
    folder, owner = _folder(), folders.identify(os.getpid())
    folders.write_record(folder, folders.Record(StockCluster.backend, owner, owner, None))
    cluster = _begun(StockCluster(folder, guardian.watch_over(folder)), wish, deadline)
    folders.write_record(folder, folders.Record(cluster.backend, cluster.controller, owner, None))
    return cluster


def start_background(wish: Wish, state: Path, idle: float, deadline: float) -> StockCluster:
    """See `harness.cluster.wish.Backend`. It stays until it is stopped, however idle."""
    cluster = _begun(StockCluster(_folder()), wish, deadline)
    folders.write_record(cluster.folder, folders.Record(cluster.backend, cluster.controller, None, str(state)))
    return cluster


def connect(folder: Path) -> StockCluster:
    """See `harness.cluster.wish.Backend`."""
    record = folders.read_record(folder)
    if record is None or not folders.is_alive(record.runner):
        raise ConnectionRefusedError(f"no cluster runs in {folder}")
    return StockCluster(folder)


def _folder() -> Path:
    folders.sweep()
    return folders.create()


def _begun(cluster: StockCluster, wish: Wish, deadline: float) -> StockCluster:
    try:
        cluster.begin(wish, time.monotonic() + deadline)
    except BaseException:
        cluster.stop()
        raise
    return cluster


def _is_whole(connection_file: Path) -> bool:
    # the controller does not write it at once
    try:
        return bool(json.loads(connection_file.read_text()))
    except (OSError, ValueError):
        return False


def _engine_of(engine_set: str) -> int:
    return int(engine_set.split("-")[1])


def _quiet_log() -> logging.Logger:
    log = logging.getLogger("harness.cluster.ipyparallel")
    log.setLevel(logging.CRITICAL)
    return log
