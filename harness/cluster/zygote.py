"""The zygote: a small process that has a cluster's modules loaded, forks its controller and engines, and reaps them.

It is single-threaded and opens no 0MQ socket, so that a fork of it is as good as a fresh process. Those who talk
to it send one JSON object a line, `{"id": 1, "do": "spawn", …}`, and get `{"id": 1, …}` or `{"id": 1, "error": …}`
back. Everybody connected is sent the events `spawned`, `listening`, `registered` and `death`.
"""

import argparse
import contextlib
import ctypes
import gc
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil

from harness.cluster import child
from harness.cluster.child import Order
from harness.cluster.messages import CHUNK, Lines, Message, encode
from harness.cluster.process import children, signal_name

PR_SET_CHILD_SUBREAPER = 36
DEATHS_KEPT = 1000
BACKLOG_LIMIT = 8_000_000
"""Bytes kept for a peer that does not read; then it is dropped, so that it can't hold up the others."""
HOUSEKEEPING = 5.0
"""Seconds between two looks at whether anybody still wants a warm cluster."""
KILL_DEADLINE = 10.0
KILL_AGAIN = 0.05
"""Seconds after which descendants that are still there, perhaps new ones, are killed again."""


@dataclass(eq=False)
class Peer:
    """One end of a socket: the owner, a visitor, or the controller."""

    channel: socket.socket
    hear: Callable[["Peer", Message], None]
    lines: Lines = field(default_factory=Lines)
    unsent: bytes = b""


@dataclass
class Child:
    """A controller or an engine that is alive. `uuid` is set once it has registered."""

    order: Order
    pid: int
    started: float
    uuid: str | None = None
    killed: bool = False

    def describe(self) -> Message:
        """What its `spawned` event and its line in the status say."""
        order = self.order
        return {"name": order.name, "engine": order.engine, "pid": self.pid, "started": self.started,
                "uuid": self.uuid, "output": order.output, "stacks": order.stacks}  # fmt: skip


class Zygote:
    """Serves until its owner ends or it is told to stop; without an owner, until nobody came for `idle` seconds."""

    def __init__(self, folder: Path, state: Path | None = None, idle: float = 0.0) -> None:
        self._folder, self._state, self._idle = folder, state, idle
        self._selector = selectors.DefaultSelector()
        self._owner: Peer | None = None
        self._controller: Peer | None = None
        self._peers: list[Peer] = []
        self._children: dict[int, Child] = {}
        self._deaths: list[Message] = []
        self._notes: Message = {}
        self._last_visit = time.monotonic()
        self._schedulers: list[int] = []
        self._stopping = False
        self._job: Callable[[], None] | None = None
        self._listen_to_signals()

    def own(self, channel: socket.socket, pid: int) -> None:
        """Take orders from `channel`, and end with the process `pid` that holds its other end."""
        self._owner = self._add(channel, self._obey)
        # other processes may have inherited the owner's end, so its closing alone would not tell of its death
        with contextlib.suppress(OSError, AttributeError):
            self._watch(os.pidfd_open(pid), self._stop)
        if os.getppid() != pid:
            self._stop()

    def listen(self, listener: socket.socket) -> None:
        """Take orders from whoever connects."""
        listener.setblocking(False)
        self._watch(listener, lambda: self._add(listener.accept()[0], self._obey))

    def run(self) -> Callable[[], None] | None:
        """Serve. Returns None when everything is stopped; in each forked child, what that child has to do."""
        while not self._stopping:
            for key, _ in self._selector.select(HOUSEKEEPING):
                key.data()
                if self._job:
                    return self._job
                if self._stopping:
                    break
            self._housekeeping()
        self._kill_everything()
        shutil.rmtree(self._folder, ignore_errors=True)
        return None

    # ------------------------------------------------------------------ sockets and signals

    def _watch(self, what: Any, call: Callable[[], Any], events: int = selectors.EVENT_READ) -> None:
        self._selector.register(what, events, call)

    def _listen_to_signals(self) -> None:
        self._alarm, ring = socket.socketpair()
        self._ring = ring
        self._alarm.setblocking(False)
        ring.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: self._stop())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(ring.fileno(), warn_on_full_buffer=False)
        self._watch(self._alarm, self._reap)

    def _add(self, channel: socket.socket, hear: Callable[[Peer, Message], None]) -> Peer:
        channel.setblocking(False)
        peer = Peer(channel, hear)
        self._peers.append(peer)
        self._watch(channel, lambda: self._serve(peer))
        return peer

    def _drop(self, peer: Peer) -> None:
        if peer not in self._peers:
            return
        self._peers.remove(peer)
        self._selector.unregister(peer.channel)
        peer.channel.close()
        self._last_visit = time.monotonic()
        if peer is self._owner:
            self._stop()

    def _serve(self, peer: Peer) -> None:
        self._flush(peer)
        try:
            data = peer.channel.recv(CHUNK)
            messages = peer.lines.feed(data)
        except BlockingIOError:
            return
        except (OSError, ValueError):
            data, messages = b"", []
        for message in messages:
            peer.hear(peer, message)
            if self._job:
                return
        if not data:
            self._drop(peer)

    def _send(self, peer: Peer, message: Message) -> None:
        peer.unsent += encode(message)
        self._flush(peer)

    def _flush(self, peer: Peer) -> None:
        try:
            while peer.unsent:
                peer.unsent = peer.unsent[peer.channel.send(peer.unsent) :]
        except BlockingIOError:
            if len(peer.unsent) > BACKLOG_LIMIT:
                self._drop(peer)
        except OSError:
            self._drop(peer)
        if peer in self._peers:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if peer.unsent else 0)
            self._selector.modify(peer.channel, wanted, self._selector.get_key(peer.channel).data)

    def _announce(self, event: Message) -> None:
        for peer in [peer for peer in self._peers if peer is not self._controller]:
            self._send(peer, event)

    # ------------------------------------------------------------------ orders

    def _obey(self, peer: Peer, message: Message) -> None:
        try:
            reply = getattr(self, f"_do_{message.pop('do')}")(**{k: v for k, v in message.items() if k != "id"})
        except Exception as problem:
            reply = {"error": f"{type(problem).__name__}: {problem}"}
        if self._job is None:
            self._send(peer, {"id": message.get("id"), **(reply or {})})

    def _do_preload(self, modules: list[str]) -> Message:
        began = time.monotonic()
        # what modules define stays: looking for garbage among it takes a fifth of an import, and in the forked
        # processes would copy its pages
        gc.disable()
        try:
            for module in modules:
                import_module(module)
                if threads := [thread.name for thread in threading.enumerate()[1:]]:
                    raise RuntimeError(
                        f"importing {module} starts threads ({', '.join(threads)}): engines would lack them"
                    )
        finally:
            gc.freeze()
            gc.enable()
        return {"seconds": time.monotonic() - began}

    def _do_remember(self, notes: Message) -> None:
        self._notes = notes

    def _do_status(self) -> Message:
        children = [each.describe() for each in self._children.values()]
        return {
            "pid": os.getpid(),
            "children": children,
            "deaths": self._deaths,
            "notes": self._notes,
            "schedulers": self._schedulers,
        }

    def _do_spawn(self, **fields: Any) -> Message | None:
        order = Order(**fields)
        if any(each.order.name == order.name for each in self._children.values()):
            raise ValueError(f"{order.name} is running")
        inner, outer = socket.socketpair() if order.engine is None else (None, None)
        zygote, started = os.getpid(), time.time()
        pid = os.fork()
        if pid == 0:
            self._job = lambda: self._become(order, zygote, inner)
            return None
        self._children[pid] = Child(order, pid, started)
        if inner is not None and outer is not None:
            inner.close()
            self._controller = self._add(outer, self._hear_controller)
        self._announce({"event": "spawned", **self._children[pid].describe()})
        return {"pid": pid}

    def _become(self, order: Order, zygote: int, channel: socket.socket | None) -> None:
        for key in list(self._selector.get_map().values()):
            key.fileobj.close() if isinstance(key.fileobj, socket.socket) else os.close(key.fd)
        self._selector.close()
        child.detach(zygote, order.name)
        self._ring.close()
        child.run(order, channel)

    def _do_kill(self, name: str) -> None:
        for each in self._children.values():
            if each.order.name == name:
                each.killed = True
                # just forked, it may not lead its group yet
                for kill in (os.killpg, os.kill):
                    with contextlib.suppress(ProcessLookupError):
                        kill(each.pid, signal.SIGKILL)

    def _do_end_orphans(self) -> Message:
        """Kill what engines' processes left behind and what we, as their subreaper, inherited."""
        inherited = [psutil.Process(pid) for pid in children(os.getpid()) if pid not in self._children]  # reaped by us
        alive = [each for each in inherited if each.status() != psutil.STATUS_ZOMBIE]
        for orphan in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                for process in (*orphan.children(recursive=True), orphan):
                    process.kill()
        return {"orphans": [each.pid for each in alive]}

    def _do_stop(self) -> None:
        self._stop()

    def _stop(self) -> None:
        self._stopping = True

    # ------------------------------------------------------------------ children

    def _hear_controller(self, _: Peer, message: Message) -> None:
        if message["event"] == "listening":
            self._schedulers = message["schedulers"]
        if message["event"] == "registered":
            for each in self._children.values():
                if each.order.engine == message["engine"]:
                    each.uuid = message["uuid"]
        self._announce(message)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._alarm.recv(CHUNK)
        with contextlib.suppress(ChildProcessError):
            while (ended := os.wait4(-1, os.WNOHANG))[0]:
                self._bury(*ended)

    def _bury(self, pid: int, status: int, used: Any) -> None:
        # orphans of dead engines come to us as well: nobody asks about them
        if (dead := self._children.pop(pid, None)) is None:
            return
        code = os.waitstatus_to_exitcode(status)
        number = -code if code < 0 else None
        death = {
            "event": "death",
            "pid": pid,
            "name": dead.order.name,
            "engine": dead.order.engine,
            "exit_code": code if code >= 0 else None,
            "signal": number,
            "signal_name": signal_name(number) if number else None,
            "time": time.time(),
            "output": dead.order.output,
            "memory": used.ru_maxrss * 1024,
            "requested": dead.killed and number == signal.SIGKILL,
        }
        self._deaths = [*self._deaths, death][-DEATHS_KEPT:]
        if dead.order.engine is None:
            # engines are of no use without a controller
            self._stop()
        elif self._controller:
            self._send(self._controller, {"died": dead.order.engine})
        self._announce(death)

    def _kill_everything(self) -> None:
        """Kill every descendant: being their subreaper, we inherit whatever they leave behind."""
        self._announce({"event": "stopping"})
        limit = time.monotonic() + KILL_DEADLINE
        while time.monotonic() < limit:
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    process.kill()
            if _reaped_all(time.monotonic() + KILL_AGAIN):
                break
        if self._state and self._is_ours(self._state):
            self._state.unlink(missing_ok=True)

    def _housekeeping(self) -> None:
        visited = any(peer is not self._controller for peer in self._peers)
        if self._state is None or visited:
            self._last_visit = time.monotonic()
        elif time.monotonic() - self._last_visit > self._idle or not self._is_ours(self._state):
            self._stop()

    def _is_ours(self, state: Path) -> bool:
        try:
            return json.loads(state.read_text())["folder"] == str(self._folder)
        except (OSError, ValueError, KeyError, TypeError):
            return False


def _reaped_all(limit: float) -> bool:
    """Reap children until there are none, or until `limit`."""
    try:
        while time.monotonic() < limit:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.001)
    except ChildProcessError:
        return True
    return False


def main() -> None:
    """Run a zygote on sockets inherited from whoever started this process."""
    parser = argparse.ArgumentParser(prog="python -m harness.cluster.zygote", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="its files; removed at the end")
    parser.add_argument("--owner", nargs=2, type=int, metavar=("FD", "PID"), help="end with this process")
    parser.add_argument("--listener", type=int, metavar="FD", help="a listening socket; go to the background")
    parser.add_argument("--state", type=Path, help="the file that makes this cluster known to its workspace")
    parser.add_argument("--idle", type=float, default=0.0, help="seconds without a visitor to stop after")
    given = parser.parse_args()
    # Python put the current folder there, which is not the engines'
    sys.path.remove(os.getcwd())
    if given.listener is not None and os.fork():
        os._exit(0)
    # as ipengine does before it imports the debugger, which else complains of Python's frozen modules
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    libc.prctl(child.PR_SET_NAME, b"harness-zygote", 0, 0, 0)
    zygote = Zygote(given.folder, given.state, given.idle)
    if given.owner:
        zygote.own(socket.socket(fileno=given.owner[0]), given.owner[1])
    if given.listener is not None:
        zygote.listen(socket.socket(fileno=given.listener))
    if job := zygote.run():
        job()


if __name__ == "__main__":
    main()
