"""The workspace's warm cluster: started once, attached to in milliseconds by every later call."""

import contextlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import __version__, places
from harness.cluster import folders
from harness.cluster.base import Cluster
from harness.cluster.process import EngineProcess
from harness.cluster.wish import backend as named_backend
from harness.cluster.wish import wish
from harness.engine.digest import of_sources
from harness.errors import BadInput, CannotWork

VERSION = f"{__version__}, {of_sources(Path(__file__).parent)}"
"""The harness's version and a digest of this room: what a cluster understands can change between two versions."""
STATE = "cluster.json"
FORMAT = 1
IDLE = 4 * 3600.0
"""Seconds without anybody attached after which a forked warm cluster stops by itself."""
ATTACH = 5.0
"""Seconds that a running cluster has to say what it is."""
ANSWER = 3.0
"""Seconds that `repair` gives an engine to answer a task that does nothing."""


@dataclass(frozen=True)
class Status:
    """A warm cluster as it is now; `dead` are the ids of engines that it should have and has not."""

    backend: str
    folder: Path
    started: float
    engines: dict[int, EngineProcess]
    dead: list[int]
    pids: list[int]


@dataclass(frozen=True)
class _State:
    backend: str
    folder: Path
    engines: int
    started: float


def warm(workspace: Path | None = None) -> Cluster | None:
    """Attach to the workspace's warm cluster; None if there is none. Leaving its `with` only lets go of it.

    Removes the note of a cluster that is gone. Raises CannotWork if the cluster runs and does not answer, or was
    started by another version of the harness, whose engines understand another language.
    """
    if (cluster := _connect(workspace)) is not None:
        try:
            if (version := _version(_file(workspace))) != VERSION:
                mend = "`harness cluster stop`, then start it again"
                raise CannotWork(f"the warm cluster was started by another harness ({version}; now {VERSION}): {mend}")
            cluster.attach(time.monotonic() + ATTACH)
        except BaseException:
            cluster.close()
            raise
    return cluster


def start_warm(
    engines: int,
    *,
    workspace: Path | None = None,
    backend: str = "auto",
    preload: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
    engine_environments: Mapping[int, Mapping[str, str]] | None = None,
    cwd: Path | None = None,
    idle: float = IDLE,
    deadline: float = 60.0,
) -> Cluster:
    """Start the workspace's warm cluster and attach to it; other parameters as for `harness.cluster.start`.

    A forked one stops by itself after `idle` seconds with nobody attached, or when its workspace is removed.
    Raises BadInput if one is running already.
    """
    already = "a cluster is running already: use it, or `harness cluster stop` it first"
    if (running := _connect(workspace)) is not None:
        running.close()
        raise BadInput(already)
    wanted, chosen = wish(engines, preload, environment, engine_environments, cwd), named_backend(backend)
    file = _file(workspace)
    file.parent.mkdir(parents=True, exist_ok=True)
    cluster = chosen.start_background(wanted, file, idle, deadline)
    try:
        _publish(file, {"backend": cluster.backend, "folder": str(cluster.folder), "engines": engines})
    except BaseException as problem:
        cluster.stop()
        if isinstance(problem, FileExistsError):
            raise BadInput(already) from None
        raise
    return cluster


def stop_warm(workspace: Path | None = None, deadline: float = 10.0) -> bool:
    """Stop the workspace's warm cluster for everybody. False if there is none.

    See `Cluster.stop` for the deadline and what is raised.
    """
    if (cluster := _connect(workspace)) is None:
        return False
    try:
        cluster.stop(deadline)
    finally:
        _file(workspace).unlink(missing_ok=True)
    return True


def status(workspace: Path | None = None) -> Status | None:
    """How the workspace's warm cluster is; None if there is none. Raises CannotWork if it does not answer."""
    if (cluster := warm(workspace)) is None:
        return None
    with cluster:
        state, alive = _read(_file(workspace)), cluster.engines
        wanted = range(state.engines) if state else ()
        return Status(
            backend=cluster.backend,
            folder=cluster.folder,
            started=state.started if state else 0.0,
            engines=alive,
            dead=[each for each in wanted if each not in alive],
            pids=cluster.alive_pids(),
        )


@dataclass(frozen=True)
class Repaired:
    """What was mended of a warm cluster: engines replaced, by id, and why; parts made to go on, by process id."""

    engines: dict[int, str]
    parts: dict[int, str]


def repair(workspace: Path | None = None, answer: float = ANSWER) -> Repaired | None:
    """Have stopped parts of the warm cluster go on; replace engines that are dead, or silent for `answer` seconds.

    An engine that is at a long task is silent, too. None if there is no warm cluster. Raises CannotWork.
    """
    if (cluster := warm(workspace)) is None:
        return None
    with cluster:
        parts = cluster.resume()
        state = _read(_file(workspace))
        wanted = range(state.engines) if state else ()
        found = {each: "dead" for each in wanted if each not in cluster.engines}
        found |= dict.fromkeys(_silent(cluster, answer), "silent")
        for each in found:
            cluster.replace(each)
        return Repaired(found, parts)


def _silent(cluster: Cluster, answer: float) -> list[int]:
    with cluster.client() as client:
        # the hub gives an engine up that has had no heartbeat for long: its process is stopped
        asked = {each: client[each].apply_async(os.getpid) for each in cluster.engines if each in client.ids}
        client.wait(list(asked.values()), timeout=answer)
        return [each for each in cluster.engines if each not in asked or not asked[each].ready()]


def _connect(workspace: Path | None) -> Cluster | None:
    file = _file(workspace)
    if not file.exists():
        return None
    state = _read(file)
    if state is not None and folders.is_private(state.folder):
        with contextlib.suppress(OSError):
            return named_backend(state.backend).connect(state.folder)
    file.unlink(missing_ok=True)
    return None


def _file(workspace: Path | None) -> Path:
    state = places.state()
    return (state if workspace is None else workspace / state.name) / STATE


def _read(file: Path) -> _State | None:
    try:
        fields: dict[str, Any] = json.loads(file.read_text())
        if fields["format"] != FORMAT:
            return None
        return _State(str(fields["backend"]), Path(fields["folder"]), int(fields["engines"]), float(fields["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _version(file: Path) -> str:
    """The version of the harness that started the cluster; of the first ones only that they did not say so."""
    try:
        return str(json.loads(file.read_text()).get("version", "an older one"))
    except (OSError, ValueError, AttributeError):
        return "an unknown one"


def _publish(file: Path, fields: dict[str, Any]) -> None:
    with open(file, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as state:
        json.dump({"format": FORMAT, "version": VERSION, "started": time.time(), **fields}, state)
