"""A cluster whose controller and engines are forked from a zygote: starts fast, and tells of deaths at once."""

import contextlib
import os
import queue
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil

from harness.cluster import folders
from harness.cluster.base import LOOK, POLL, Cluster
from harness.cluster.greeting import greet
from harness.cluster.messages import ABORT_QUEUED, CHUNK, Lines, Message, encode
from harness.cluster.process import Death, EngineProcess
from harness.cluster.wish import Wish
from harness.errors import CannotWork

MODULES = ["ipyparallel.engine.app"]
MORE_MODULES = [
    "harness.cluster.output",
    "harness.engine.capture",
    "IPython.core.completerlib",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "numpy",
    "pygments.formatters.html",
    "pygments.formatters.terminal256",
    "pygments.lexers.python",
    "sqlite3",
    "stack_data.core",
    "tornado.platform.asyncio",
]
"""What engines import at their start, at their first task and at its first exception, which IPython renders; the
controller needs no more than `MODULES`."""
CONTROLLER_ARGUMENTS = [
    "--log-level=WARN",
    "--nodb",
    # deaths are noticed by the zygote, so beats may be few and misses many
    "--HeartMonitor.period=1000",
    "--HeartMonitor.max_heartmonitor_misses=30",
]
ENGINE_ARGUMENTS = [
    "--log-level=WARN",
    "--IPEngine.enable_nanny=False",
    # the zygote ends engines whose controller is gone; a busy machine must not
    "--IPEngine.max_heartbeat_misses=0",
    "--IPEngine.timeout=60",
    "--IPEngine.out_stream_factory=harness.cluster.output.TeeStream",
]


SEND_LIMIT = 10
"""Seconds that a message to the zygote may wait to be taken."""
GRACE = 2.0
"""Seconds that killed processes have to end."""


class ForkedCluster(Cluster):
    """A cluster behind a zygote, reached over `channel`.

    `process` is the zygote's if it is a child of this process, which then owns the cluster; it is None for a warm
    cluster, which stays when this process lets go of it.
    """

    backend = "forked"
    drops_queued = True

    def __init__(self, folder: Path, channel: socket.socket, process: subprocess.Popen[bytes] | None) -> None:
        super().__init__(folder)
        self._channel, self._process = channel, process
        self._pid = os.getpid()
        self._lines = Lines()
        self._sending = threading.Lock()
        self._replies: dict[int, queue.SimpleQueue[Message]] = {}
        self._asked = 0
        self._listening = False
        self.controller_ended = False
        self._notes: Message = {}
        record = folders.read_record(folder)
        self._zygote = record.runner if record else None
        self._seen: set[folders.Identity] = set()
        self._told_of_stop = False
        self._parts: dict[folders.Identity, str] = {}
        self._halted: dict[int, float] = {}
        # a zygote that does not read must not keep us for ever
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_LIMIT, 0))
        self._watcher = threading.Thread(target=self._watch, name="cluster-watch", daemon=True)
        self._watcher.start()

    @property
    def connection_file(self) -> Path:
        return self.folder / "profile" / "security" / "ipcontroller-client.json"

    # ------------------------------------------------------------------ talking to the zygote

    def _tell(self, do: str, **fields: Any) -> tuple[int, queue.SimpleQueue[Message]]:
        answer: queue.SimpleQueue[Message] = queue.SimpleQueue()
        with self._sending:
            self._asked += 1
            number = self._asked
            self._replies[number] = answer
            try:
                self._channel.sendall(encode({"id": number, "do": do, **fields}))
            except OSError as problem:
                raise CannotWork(f"the cluster's zygote is gone ({problem}): start a new cluster") from problem
        return number, answer

    def _ask(self, do: str, limit: float, **fields: Any) -> Message:
        number, answer = self._tell(do, **fields)
        return self._answer(do, number, answer, limit)

    def _answer(self, do: str, number: int, answer: queue.SimpleQueue[Message], limit: float) -> Message:
        try:
            while (reply := _got(answer, min(LOOK, limit - time.monotonic()))) is None:
                self._check_serving()
                if time.monotonic() > limit:
                    raise CannotWork(f"the cluster's zygote did not {do} in time: see {self.folder}/zygote.log")
        finally:
            self._replies.pop(number, None)
        if problem := reply.get("error"):
            raise CannotWork(f"the cluster's zygote could not {do}: {problem}")
        return reply

    def _check_serving(self) -> None:
        stopped, now = self.stopped_parts(), time.monotonic()
        self._halted = {pid: self._halted.get(pid, now) for pid in stopped}
        for pid, part in stopped.items():
            if now - self._halted[pid] >= LOOK:
                raise CannotWork(f"the cluster's {part} was stopped: try again, or have it go on by `kill -CONT {pid}`")

    def stopped_parts(self) -> dict[int, str]:
        with self._changed:
            parts = {**({self._zygote: "zygote"} if self._zygote else {}), **self._parts}
        return {identity[0]: part for identity, part in parts.items() if folders.is_stopped(identity)}

    def _watch(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._channel.recv(CHUNK):
                for message in self._lines.feed(data):
                    self._hear(message)
        if not self._closing:
            self._lose_zygote()

    def _lose_zygote(self) -> None:
        said = last_line(self.folder / "zygote.log")
        self._break(f"the cluster's zygote ended ({said})")
        for engine in self.engines.values():
            self._died(Death(engine.id, engine.pid, None, None, None, time.time(), engine.output, self._told_of_stop))
        for answer in list(self._replies.values()):
            answer.put({"error": f"it ended: {said}"})

    def _hear(self, message: Message) -> None:
        match message.get("event"):
            case None:
                if "children" in message:
                    self._take_over(message)
                if answer := self._replies.get(message["id"]):
                    answer.put(message)
            case "listening":
                self._see(message["schedulers"])
                self._name("scheduler", message["schedulers"])
                with self._changed:
                    self._listening = True
                    self._changed.notify_all()
            case "spawned":
                self._see([message["pid"]])
                if message["engine"] is not None:
                    self._appeared(_engine(message))
                else:
                    self._name("controller", [message["pid"]])
            case "registered":
                with self._changed:
                    self._uuids[message["engine"]] = message["uuid"]
                    self._changed.notify_all()
            case "death" if message["engine"] is not None:
                self._died(_death(message))
            case "stopping":
                self._told_of_stop = not self.controller_ended  # that ends the zygote, too, and nobody asked for it
                self._break("the cluster was stopped")
            case "death":
                how = message["signal_name"] or f"exit code {message['exit_code']}"
                self.controller_ended = True
                self._break(f"the cluster's controller ended ({how})")

    def _see(self, pids: Collection[int]) -> None:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError), self._changed:
                self._seen.add(folders.identify(pid))

    def _name(self, part: str, pids: Collection[int]) -> None:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError), self._changed:
                self._parts[folders.identify(pid)] = part

    def _take_over(self, status: Message) -> None:
        """Make the zygote's snapshot ours; events that follow it are newer."""
        self._zygote = folders.identify(status["pid"])
        self._see([*(child["pid"] for child in status["children"]), *status["schedulers"]])
        self._name("controller", [child["pid"] for child in status["children"] if child["engine"] is None])
        self._name("scheduler", status["schedulers"])
        with self._changed:
            children = [each for each in status["children"] if each["engine"] is not None]
            self._engines = {each["engine"]: _engine(each) for each in children}
            self._uuids = {each["engine"]: each["uuid"] for each in children if each["uuid"]}
            self._deaths = [_death(each) for each in status["deaths"] if each["engine"] is not None]
            self._notes = status["notes"]
            self._listening = bool(status["schedulers"])

    # ------------------------------------------------------------------ processes

    def _spawn(self, engine_id: int, limit: float) -> None:
        notes, folder = self._notes, self.folder
        name = incarnation = f"engine-{engine_id}"
        again = 1
        while (folder / f"{incarnation}.out").exists():
            again += 1
            incarnation = f"{name}.{again}"
        self._ask(
            "spawn",
            limit,
            name=name,
            engine=engine_id,
            argv=[*ENGINE_ARGUMENTS, *_places(folder, notes["cwd"]), f"--IPEngine.id={engine_id}"],
            environment={**notes["environment"], **notes["engine_environments"].get(str(engine_id), {})},
            cwd=notes["cwd"],
            output=str(folder / f"{incarnation}.out"),
            stacks=str(folder / f"{incarnation}.stacks"),
        )

    def _kill(self, engine_id: int, limit: float) -> None:
        self._ask("kill", limit, name=f"engine-{engine_id}")

    def _await_registered(self, engine_ids: Collection[int], limit: float) -> None:
        wanted = set(engine_ids)
        self._await(
            lambda: wanted <= set(self._uuids) or not wanted <= set(self._engines),
            limit,
            f"engines {sorted(wanted)} did not register",
        )
        if lost := wanted - set(self._engines):
            death = next(each for each in reversed(self.deaths()) if each.engine in lost)
            how = death.signal_name or f"exit code {death.exit_code}"
            raise CannotWork(f"engine {death.engine} ended while starting ({how}): {last_line(death.output)}")

    def _introduce(self, client: Any, limit: float) -> None:
        greet(client, limit)

    def abort_queued(self, client: Any, msg_ids: list[str]) -> None:
        client._send(client._query_stream, ABORT_QUEUED, content={"msg_ids": msg_ids})

    def end_orphans(self, deadline: float = 5.0) -> list[int]:
        return self._ask("end_orphans", time.monotonic() + deadline)["orphans"]

    def alive_pids(self) -> list[int]:
        if self._zygote and folders.is_alive(self._zygote):
            with contextlib.suppress(psutil.NoSuchProcess):
                zygote = psutil.Process(self._zygote[0])
                self._see([zygote.pid, *(each.pid for each in zygote.children(recursive=True))])
        with self._changed:
            self._seen = {each for each in self._seen if folders.is_alive(each)}
            return sorted(pid for pid, _ in self._seen)

    # ------------------------------------------------------------------ the end

    def stop(self, deadline: float = 10.0) -> None:
        if self._stopped or os.getpid() != self._pid:
            return
        self._closing = True
        limit = time.monotonic() + deadline
        with contextlib.suppress(CannotWork):
            self._tell("stop")
        self._detach()
        # the zygote ends when all else has; without one the kernel kills its children
        while self._reap() or self.alive_pids():
            # a stopped zygote ends nothing
            if time.monotonic() > limit or (self._zygote and folders.is_stopped(self._zygote)):
                left = self.alive_pids()
                for pid in left:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                if time.monotonic() > limit + GRACE:
                    raise CannotWork(f"the cluster does not stop: processes {left} cannot be killed")
            time.sleep(POLL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _reap(self) -> bool:
        """Whether the zygote still runs; as its parent, take note of its end."""
        if self._process:
            return self._process.poll() is None
        return self._zygote is not None and folders.is_alive(self._zygote)

    def close(self) -> None:
        if self._process:
            self.stop()
        elif not self._stopped and os.getpid() == self._pid:
            self._closing = True
            self._detach()

    def _detach(self) -> None:
        self._unclaim()
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)
        if threading.current_thread() is not self._watcher:
            self._watcher.join()
        self._channel.close()

    # ------------------------------------------------------------------ the beginning

    def attach(self, limit: float) -> None:
        """Learn from the zygote what runs."""
        self._ask("status", limit)

    @property
    def zygote(self) -> folders.Identity:
        """The process that everything else of this cluster descends from."""
        assert self._zygote is not None
        return self._zygote

    def begin(self, wish: Wish, limit: float) -> None:
        """Have the zygote load what is needed, and fork the controller as soon as it can, then the engines."""
        notes: Message = {
            "environment": dict(wish.environment),
            "engine_environments": {str(engine): dict(extra) for engine, extra in wish.engine_environments.items()},
            "cwd": str(wish.cwd),
        }
        self._tell("remember", notes=notes)
        known = self._tell("status")
        loaded = self._tell("preload", modules=MODULES)
        forked = self._tell(
            "spawn",
            name="controller",
            engine=None,
            argv=[*CONTROLLER_ARGUMENTS, *_places(self.folder, notes["cwd"])],
            environment=notes["environment"],
            cwd=notes["cwd"],
            output=str(self.folder / "controller.log"),
            stacks=None,
        )
        rest = self._tell("preload", modules=[*MORE_MODULES, *wish.preload])
        # needed soon anyway, and we would only wait
        import_module("ipyparallel")
        self._answer("start", *known, limit)
        self._answer("load ipyparallel", *loaded, limit)
        self._answer("fork the controller", *forked, limit)
        self._await(lambda: self._listening, limit, "the controller did not start")
        self._answer(f"load {', '.join(wish.preload) or 'IPython'}", *rest, limit)
        self._change([], range(wish.engines), limit)


def _got(answer: "queue.SimpleQueue[Message]", seconds: float) -> Message | None:
    try:
        return answer.get(timeout=max(0.0, seconds))
    except queue.Empty:
        return None


def _places(folder: Path, cwd: str) -> list[str]:
    return [f"--profile-dir={folder / 'profile'}", f"--work-dir={cwd}"]


def _engine(message: Message) -> EngineProcess:
    output, stacks = Path(message["output"]), Path(message["stacks"])
    return EngineProcess(message["engine"], message["pid"], message["started"], output, stacks)


def _death(message: Message) -> Death:
    names = ("engine", "pid", "exit_code", "signal", "signal_name", "time", "requested", "memory")
    return Death(**{name: message[name] for name in names if name in message}, output=Path(message["output"]))


def last_line(output: Path | None) -> str:
    """The last line that a process wrote, for a one-line error."""
    with contextlib.suppress(OSError, IndexError):
        return (output or Path()).read_text(errors="replace").strip().splitlines()[-1]
    return "it wrote nothing"
