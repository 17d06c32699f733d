"""The workers of a search, one on each engine, and the connections of the actors on them."""

import contextlib
import marshal
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, Listener, wait
from pathlib import Path
from typing import Any

import ipyparallel as ipp

from harness.errors import CannotWork
from harness.recorder.sending import NotAnswered, started

ANSWER = 5.0
"""Seconds within which a granted step must lead to the next one, or to the actor's end."""


class Stalled(Exception):
    """A granted actor came to no further step: it waits for something that the search does not see."""


@dataclass
class Link:
    """The connection of one actor. `pid` is its process's."""

    engine: int
    name: str
    pid: int
    connection: Connection

    def send(self, *message: Any) -> None:
        self.connection.send_bytes(marshal.dumps(message))

    def receive(self, seconds: float = ANSWER) -> tuple[Any, ...]:
        if not self.connection.poll(seconds):
            raise Stalled(self.name)
        return marshal.loads(self.connection.recv_bytes())


class Workers:
    """The engines' workers while a search is on."""

    def __init__(self, listener: Listener, engines: list[int]) -> None:
        self._listener = listener
        self.engines: dict[int, Link] = {}
        for _ in engines:
            link = self.accept()
            self.engines[link.engine] = link

    def accept(self, seconds: float = ANSWER) -> Link:
        """The next actor that connects. Raises Stalled if none does."""
        socket = self._listener._listener._socket  # type: ignore[attr-defined]
        if not wait([socket], seconds):
            raise Stalled("a new thread")
        connection = self._listener.accept()
        _, engine, name, pid = marshal.loads(connection.recv_bytes())
        return Link(engine, name, pid, connection)

    def fresh(self) -> None:
        """Have the target's module as new on every engine."""
        for link in self.engines.values():
            link.send("fresh")


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
            settings = {"address": address, "key": key, "module": module, "file": file, "lines": lines}
            try:
                serving = started(client, "turns.serve", {e: {**settings, "engine": e} for e in engines}, ANSWER)
                workers = Workers(listener, engines)
            except (Stalled, NotAnswered):
                raise CannotWork(
                    "an engine did not begin to serve the search; `harness cluster repair`, then again"
                ) from None
            try:
                yield workers
            finally:
                for link in workers.engines.values():
                    with contextlib.suppress(OSError):
                        link.send("bye")
                        link.connection.close()
                for answer in serving.values():
                    with contextlib.suppress(ipp.error.RemoteError, TimeoutError):
                        answer.get(timeout=ANSWER)
