"""ipyparallel's controller with its waits taken out, and told at once by the zygote when an engine has died."""

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from multiprocessing import Process
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipyparallel.controller import app as controller_app
from ipyparallel.controller import heartmonitor
from ipyparallel.controller.app import IPController
from ipyparallel.controller.heartmonitor import HeartMonitor
from ipyparallel.controller.hub import Hub
from ipyparallel.controller.task_scheduler import TaskScheduler
from ipyparallel.error import TaskAborted
from tornado.ioloop import IOLoop
from zmq.constants import SocketType

from harness.cluster.messages import ABORT_QUEUED, CHUNK, GREETING, SCHEDULER_HERE, Lines, encode

NOBODY = -1
"""An id that no engine has."""
STRANDED_DELAY = 0.05
"""Seconds that a reply of a dead engine may still be on its way; ipyparallel waits 5 (task_scheduler.py:295)."""


ASK = 0.02
"""Seconds between two questions for the hearts of engines that register."""
ASK_FOR = 10.0
"""Seconds from the last registration after which those that have not answered are asked with all others."""


class PromptHeartMonitor(HeartMonitor):
    """Beats seldom, and asks engines that register as soon as they do: ipyparallel has them wait for two beats.

    A beat takes processor time of all engines and of this process, and engines of ours are known to have ended without
    it.
    """

    registrations: int
    """The end of a pipe that gives a byte for each engine that registers."""

    def start(self) -> None:
        super().start()
        self._awaited, self._until = 0, 0.0
        self.loop.add_handler(self.registrations, lambda *_: self._registering(), IOLoop.READ)

    def _registering(self) -> None:
        asking = self._awaited > 0
        self._awaited += len(os.read(self.registrations, CHUNK))
        self._until = time.monotonic() + ASK_FOR
        if not asking:
            self._ask()

    def _ask(self) -> None:
        if time.monotonic() > self._until:
            self._awaited = 0
        if self._awaited > 0:
            # the last beat once more: no other engine misses one by it
            self.ping_stream.send(str(self.lifetime).encode())
            self.ping_stream.flush()
            self.loop.call_later(ASK, self._ask)

    def handle_pong(self, msg: list[bytes]) -> None:
        super().handle_pong(msg)
        if new := {msg[0]} & self.responses - self.hearts:
            self._awaited -= 1
            self.handle_new_hearts(new)


class PromptScheduler(TaskScheduler):
    """Reports the tasks of a dead engine after `STRANDED_DELAY`, not after five seconds, and can empty its queue."""

    def start(self) -> None:
        super().start()
        self.session.send(self.query_stream, SCHEDULER_HERE, {})

    def dispatch_query_reply(self, msg: list[bytes]) -> None:
        """What the hub says to this scheduler alone: the engines there are, tasks to drop and not to try again."""
        _, parts = self.session.feed_identities(msg)
        content = self.session.deserialize(parts)["content"]
        for uuid in content.get("engines", {}).values():
            self._register_engine(uuid.encode())
        for msg_id in content.get("abort", []):
            if msg_id in self.retries:
                self.retries[msg_id] = 0
            if msg_id in self.queue_map:
                self.fail_unreachable(msg_id, TaskAborted)

    def _unregister_engine(self, uid: bytes) -> None:
        if uid not in self.targets:
            return  # a greeting, see PromptHub.greet
        super()._unregister_engine(uid)
        if self.pending[uid]:
            self.loop.add_timeout(self.loop.time() + STRANDED_DELAY, lambda: self.handle_stranded_tasks(uid))

    def handle_stranded_tasks(self, engine: bytes) -> None:
        # ipyparallel's own call comes again after five seconds, when there is nothing left to do
        if engine in self.completed:
            self.engine_stream.flush()
            super().handle_stranded_tasks(engine)


class Link:
    """The controller's end of its socket to the zygote: deaths come in, registrations go out."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._lines = Lines()
        channel.setblocking(False)

    def tell(self, event: str, **fields: Any) -> None:
        self._channel.sendall(encode({"event": event, **fields}))

    def dead_engines(self) -> Iterator[int]:
        """The ids of engines that died since the last call, oldest first; never waits."""
        with contextlib.suppress(BlockingIOError):
            while data := self._channel.recv(CHUNK):
                for message in self._lines.feed(data):
                    yield message["died"]

    def fileno(self) -> int:
        return self._channel.fileno()


class PromptHub(Hub):
    """Unregisters an engine the moment its process ends, and says when one has registered."""

    link: Link
    output: Any
    registrations: int

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.query_handlers[ABORT_QUEUED] = self.abort_queued
        self.query_handlers[SCHEDULER_HERE] = self.meet_scheduler
        self.query_handlers[GREETING] = self.greet
        self.scheduler: list[bytes] | None = None

    def meet_scheduler(self, scheduler: list[bytes], _: dict[str, Any]) -> None:
        self.scheduler = scheduler

    def abort_queued(self, client: list[bytes], message: dict[str, Any]) -> None:
        """Pass the ids on to the task scheduler, which alone knows its queue; ipyparallel's abort reaches engines."""
        if self.scheduler is not None:
            jobs = message["content"]["msg_ids"]
            self.session.send(self.query, "harness_abort", {"abort": jobs}, ident=self.scheduler)
        self.session.send(self.query, "harness_abort_reply", {"status": "ok"}, parent=message, ident=client)

    def greet(self, _: list[bytes], message: dict[str, Any]) -> None:
        """Publish a notification and an output that mean nothing to anybody but the sender, who waits for them."""
        notice = {"id": NOBODY, "uuid": message["header"]["msg_id"]}
        self.session.send(self.notifier, "unregistration_notification", notice)
        self.session.send(self.output, "data_pub", {}, parent=message, ident=b"harness")

    def unregister_dead(self) -> None:
        for engine in self.link.dead_engines():
            self.unregister_engine(None, {"content": {"id": engine}})

    def register_engine(self, reg: bytes, msg: dict[str, Any]) -> int | None:
        # a replacement asks for the id of the dead: the death is in the socket by now, so hear it first
        self.unregister_dead()
        engine = super().register_engine(reg, msg)
        os.write(self.registrations, b".")
        return engine

    def finish_registration(self, heart: bytes) -> None:
        engine = self.incoming_registrations.get(heart)
        super().finish_registration(heart)
        if engine is not None:
            self.link.tell("registered", engine=engine.id, uuid=engine.uuid)


class PromptController(IPController):
    """The controller of a forked cluster. It ends when one of its schedulers does, so that nobody waits for it."""

    link: Link

    def init_hub(self) -> None:
        # the schedulers and the heart monitor take this logger's level, which is DEBUG, for their own
        self.log.setLevel(self.log_level)
        output = self.context.socket(SocketType.PUB)
        PromptHeartMonitor.registrations, registrations = os.pipe()
        own = {"link": self.link, "output": output, "registrations": registrations}
        waiting, hub, start = controller_app.time, controller_app.Hub, controller_app.start_heartmonitor
        controller_app.time = SimpleNamespace(**{**vars(time), "sleep": lambda _: None})
        controller_app.Hub = type("PromptHub", (PromptHub,), own)
        controller_app.start_heartmonitor = _start_heartmonitor
        try:
            super().init_hub()
        finally:
            controller_app.time, controller_app.Hub, controller_app.start_heartmonitor = waiting, hub, start
        self.connect(output, self.engine_url("iopub"))
        self.loop.add_handler(self.link.fileno(), lambda *_: self.hub.unregister_dead(), IOLoop.READ)
        self.loop.add_callback(self._started)

    def _started(self) -> None:
        processes = [getattr(child, "launcher", child) for child in [*self.children, self.heartmonitor_process]]
        for process in processes:
            self.loop.add_handler(process.sentinel, lambda *_, process=process: self._lost(process), IOLoop.READ)
        self.link.tell("listening", schedulers=[process.pid for process in processes])

    def _lost(self, process: Process) -> None:
        process.join(0)
        self.log.critical("%s ended with %s: the cluster cannot work on", process.name, process.exitcode)
        os._exit(70)

    def save_connection_dict(self, fname: str, cdict: dict[str, Any]) -> None:
        """Write a connection file whole, and readable by its owner only from the first byte on."""
        path = Path(self.profile_dir.security_dir, fname)
        draft = path.with_suffix(".draft")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(cdict, file, indent=2)
        draft.replace(path)

    def get_python_scheduler_args(
        self, scheduler_name: str, scheduler_class: type, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        chosen = PromptScheduler if scheduler_class is TaskScheduler else scheduler_class
        return super().get_python_scheduler_args(scheduler_name, chosen, *args, **kwargs)


def _start_heartmonitor(**options: Any) -> None:
    heartmonitor.HeartMonitor = PromptHeartMonitor  # in a process of its own
    heartmonitor.start_heartmonitor(**options)


def run(argv: list[str], channel: socket.socket) -> None:
    """Be the controller, with ipcontroller's arguments, until killed. `channel` leads to the zygote."""
    PromptController.link = Link(channel)
    PromptController.launch_instance(argv)
