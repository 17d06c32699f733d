"""Starts, attaches to, repairs and stops ipyparallel clusters; tells at once when an engine dies.

from harness import cluster

with cluster.start(2) as running:
    client = running.client()
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from harness.cluster.base import Cluster
from harness.cluster.process import Death, EngineProcess
from harness.errors import BadInput

__all__ = ["Cluster", "Death", "EngineProcess", "start"]

BACKENDS = ("auto", "forked", "local")


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
    or `auto` (the first that works here). `preload`: modules the forked engines have imported at birth; the stock
    backend ignores them. `environment`: the engines' variables, this process's by default; variables of
    `engine_environments[id]` are added for that engine. `cwd`: the engines' working folder. `deadline`: seconds.

    Variables that a module reads when it is imported take effect in preloaded modules only through `environment`.
    Raises BadInput for a wrong argument, CannotWork if the cluster is not up by the deadline; nothing is left then.
    """
    if engines < 1:
        raise BadInput(f"a cluster has at least 1 engine, not {engines}")
    if backend not in BACKENDS:
        raise BadInput(f"no backend {backend!r}: choose one of {', '.join(BACKENDS)}")
    folder = Path(cwd or Path.cwd()).resolve()
    if not folder.is_dir():
        raise BadInput(f"the engines' folder {folder} does not exist: make it, or name another")
    variables = dict(os.environ if environment is None else environment)
    if backend == "forked" and sys.platform != "linux":
        raise BadInput("the forked backend needs Linux: use --backend local")
    from harness.cluster.forked import start_forked

    return start_forked(
        engines,
        preload=preload,
        environment=variables,
        engine_environments=engine_environments or {},
        cwd=folder,
        deadline=deadline,
    )
