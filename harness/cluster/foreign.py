"""A cluster that somebody else started: its deaths are noticed, and it is never stopped, killed or mended."""

import socket
import threading
import time
from collections.abc import Callable

import ipyparallel
import psutil

from harness.cluster.process import Death, EngineProcess

INTERVAL = 0.02
"""Seconds between two looks at the engines' processes."""


class ForeignCluster:
    """What a run needs to know of the cluster that a client of the user's is connected to.

    Engines on this machine are watched by their process, others by what the hub says. Exit codes are not known:
    the processes are not ours. `replace` and `abort_queued` do nothing.
    """

    backend = "foreign"

    def __init__(self, client: ipyparallel.Client) -> None:
        self._client = client
        self._found = client[:].apply_async(_who).get_dict(timeout=10)

    @property
    def engines(self) -> dict[int, EngineProcess]:
        return {}

    def is_here(self, engine_id: int) -> bool:
        """Whether the engine's process is on this machine."""
        return engine_id in self._found and self._found[engine_id][0] == socket.gethostname()

    def replace(self, engine_id: int) -> None:
        """Nothing: the engine is not ours."""

    def abort_queued(self, client: ipyparallel.Client, msg_ids: list[str]) -> None:
        """Nothing: the stock scheduler can't be asked."""

    def on_death(self, callback: Callable[[Death], None]) -> Callable[[], None]:
        """Have `callback` called in a thread when an engine is gone; returns what ends the watch."""
        local = socket.gethostname()
        here = {engine: psutil.Process(pid) for engine, (host, pid) in self._found.items() if host == local}
        pids = {engine: pid for engine, (_, pid) in self._found.items()}
        over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(here, pids, callback, over), daemon=True)
        watcher.start()

        def forget() -> None:
            over.set()
            watcher.join(5)

        return forget

    def _watch(
        self,
        here: dict[int, psutil.Process],
        pids: dict[int, int],
        callback: Callable[[Death], None],
        over: threading.Event,
    ) -> None:
        while not over.wait(INTERVAL):
            for engine in list(pids):
                gone = not _alive(here[engine]) if engine in here else engine not in self._client._engines
                if gone:
                    callback(Death(engine, pids.pop(engine), None, None, None, time.time()))


@ipyparallel.interactive
def _who():
    # sent by value: engines need not have the harness
    import os
    import socket

    return socket.gethostname(), os.getpid()


def _alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
