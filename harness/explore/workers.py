"""The workers of a search, one on each engine, and the connections of the actors on them."""

import contextlib
import os
import secrets
import socket
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, Listener, wait
from pathlib import Path
from typing import Any

import ipyparallel as ipp

from harness.engine.turns import Wire, core_of_this_thread, on_core
from harness.errors import CannotWork
from harness.recorder.sending import NotAnswered, started

ANSWER = 5.0
"""Seconds within which a granted step must lead to the next one, or to the actor's end."""
BEGIN = 30.0
"""Seconds within which engines must begin to serve."""
GOODBYE = 1.0
"""Seconds that an engine has to stop serving; one that hangs in a step does not."""


class Stalled(Exception):
    """A granted actor came to no further step: it waits for something that the search does not see."""


@dataclass
class Link:
    """The connection of one actor. `pid` is its process's; `lent`: steps that it may take without asking."""

    engine: int
    name: str
    pid: int
    wire: Wire
    lent: int = 0

    def send(self, *message: Any) -> None:
        self.wire.send(*message)

    def receive(self) -> tuple[Any, ...]:
        """The next message. Raises Stalled if none comes in time, or the process is gone."""
        try:
            return self.wire.receive()
        except (BlockingIOError, EOFError, ConnectionError):
            raise Stalled(self.name) from None


class Workers:
    """The engines' workers while a search is on."""

    def __init__(self, listener: Listener, engines: list[int]) -> None:
        self._listener = listener
        links = [self.accept(BEGIN) for _ in engines]
        # in order: the first task goes to the first engine in every search, whichever connected first
        self.engines = {link.engine: link for link in sorted(links, key=lambda link: link.engine)}

    def accept(self, seconds: float = ANSWER) -> Link:
        """The next actor that connects. Raises Stalled if none does."""
        awaited = self._listener._listener._socket  # type: ignore[attr-defined]
        if not wait([awaited], seconds):
            raise Stalled("a new thread")
        connection = self._listener.accept()
        _limit(connection, ANSWER)
        link = Link(-1, "", 0, Wire(connection))
        _, link.engine, link.name, link.pid = link.receive()
        return link

    def fresh(self) -> None:
        """Have the target's module as new on every engine."""
        for link in self.engines.values():
            link.send("fresh")


def _limit(connection: Connection, seconds: float) -> None:
    """Bound every receive: by the socket itself, as polling before each costs more than the message."""
    with socket.socket(fileno=os.dup(connection.fileno())) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(seconds), 0))


@contextlib.contextmanager
def working(client: ipp.Client, engines: list[int], module: str | None, file: str | None, lines: bool
            ) -> Iterator[Workers]:  # fmt: skip
    """Workers on these engines of the client, for the search that goes on in the block.

    Raises CannotWork if an engine does not begin to serve; then nothing of it stays.
    """
    with tempfile.TemporaryDirectory(prefix="search-") as folder:
        key = secrets.token_bytes(32)
        address = str(Path(folder) / "turns")
        with Listener(address, "AF_UNIX", backlog=64, authkey=key) as listener:
            core = core_of_this_thread()
            settings = {
                "address": address, "key": key, "module": module, "file": file, "lines": lines,
                "core": core, "temporary": tempfile.tempdir,
            }  # fmt: skip
            try:
                serving = started(client, "turns.serve", {e: {**settings, "engine": e} for e in engines}, BEGIN)
                workers = Workers(listener, engines)
            except (Stalled, NotAnswered):
                raise CannotWork(
                    "an engine did not begin to serve the search; `harness cluster repair`, then again"
                ) from None
            try:
                with on_core(core):
                    yield workers
            finally:
                for link in workers.engines.values():
                    with contextlib.suppress(OSError):
                        link.send("bye")
                        link.wire.connection.close()
                for answer in serving.values():
                    with contextlib.suppress(ipp.error.RemoteError, TimeoutError):
                        answer.get(timeout=GOODBYE)
