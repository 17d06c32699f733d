"""What kind of cluster is wanted, and the backend that can start it."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from harness.cluster.base import Cluster
from harness.errors import BadInput

BACKENDS = {"forked": "harness.cluster.launch", "local": "harness.cluster.stock"}


@dataclass(frozen=True)
class Wish:
    """A cluster to be started: numbers, places and variables, checked."""

    engines: int
    cwd: Path
    environment: Mapping[str, str]
    engine_environments: Mapping[int, Mapping[str, str]]
    preload: tuple[str, ...]


class Backend(Protocol):
    """What the module of a backend offers."""

    def start_owned(self, wish: Wish, deadline: float) -> Cluster:
        """A cluster that ends with this process. Raises CannotWork if it is not up after `deadline` seconds."""

    def start_background(self, wish: Wish, state: Path, idle: float, deadline: float) -> Cluster:
        """A cluster that outlives this process. The caller writes `state`, the file that makes it known; the cluster
        may stop when that does not name its folder, or after `idle` seconds with nobody attached."""

    def connect(self, folder: Path) -> Cluster:
        """The running cluster whose folder this is, not yet attached. Raises OSError if there is none."""


def wish(
    engines: int,
    preload: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
    engine_environments: Mapping[int, Mapping[str, str]] | None = None,
    cwd: Path | None = None,
) -> Wish:
    """The checked parameters of a start, defaults filled in. Raises BadInput."""
    if engines < 1:
        raise BadInput(f"a cluster has at least 1 engine, not {engines}")
    folder = Path(cwd or Path.cwd()).resolve()
    if not folder.is_dir():
        raise BadInput(f"the engines' folder {folder} does not exist: make it, or name another")
    given = os.environ if environment is None else environment
    return Wish(engines, folder, dict(given), dict(engine_environments or {}), tuple(preload))


def backend(name: str) -> Backend:
    """The backend of this name; `auto` is `forked` on Linux and `local` elsewhere. Raises BadInput."""
    if name == "auto":
        name = "forked" if sys.platform == "linux" else "local"
    if name not in BACKENDS:
        raise BadInput(f"no backend {name!r}: choose one of auto, {', '.join(BACKENDS)}")
    if name == "forked" and sys.platform != "linux":
        raise BadInput("the forked backend needs Linux: use the backend local")
    return cast(Backend, import_module(BACKENDS[name]))
