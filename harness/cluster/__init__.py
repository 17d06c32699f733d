"""Starts, attaches to, repairs and stops ipyparallel clusters; tells at once when an engine dies.

from harness import cluster

with cluster.start(2) as running:
    client = running.client()
"""

from collections.abc import Mapping
from pathlib import Path

from harness.cluster.base import Cluster
from harness.cluster.leftovers import Leftover, leftovers
from harness.cluster.process import Death, EngineProcess
from harness.cluster.warm import Status, repair, start_warm, status, stop_warm, warm
from harness.cluster.wish import backend as _backend
from harness.cluster.wish import wish as _wish

__all__ = [
    "Cluster",
    "Death",
    "EngineProcess",
    "Leftover",
    "Status",
    "leftovers",
    "repair",
    "start",
    "start_warm",
    "status",
    "stop_warm",
    "warm",
    "warm_or_started",
]


def start(
    engines: int,
    *,
    backend: str = "auto",
    preload: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
    engine_environments: Mapping[int, Mapping[str, str]] | None = None,
    cwd: Path | None = None,
    deadline: float = 60.0,
) -> Cluster:
    """Start a controller and `engines` engines (ids 0 … engines-1) that end with this process at the latest.

    `backend`: `forked` (Linux: from a process that has everything loaded), `local` (ipyparallel's own launchers)
    or `auto` (the first that works here). `preload`: modules that forked engines have imported at birth; `local`
    ignores it. `environment`: the engines' variables, this process's by default (`local` can add to these, not
    remove); `engine_environments[id]` is added for that engine. `cwd`: the engines' working folder. `deadline`:
    seconds.

    Variables that Python or a preloaded module reads once, at its start, take effect through `environment` only.
    Raises BadInput for a wrong argument, CannotWork if the cluster is not up by the deadline; nothing is left then.
    """
    wanted = _wish(engines, preload, environment, engine_environments, cwd)
    return _backend(backend).start_owned(wanted, deadline)


def warm_or_started(engines: int, *, deadline: float = 60.0) -> Cluster:
    """The workspace's warm cluster if it has at least `engines` live engines, else a new one of our own."""
    running = warm()
    if running is not None:
        if len(running.engines) >= engines:
            return running
        running.close()
    return start(engines, deadline=deadline)
