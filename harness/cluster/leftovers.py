"""Finds processes of the harness's clusters that nobody owns any more."""

import contextlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from harness.cluster import folders


@dataclass(frozen=True)
class Leftover:
    """A process of a cluster in `folder` that no live process and no workspace lays claim to.

    `started` is in seconds since 1970 (UTC).
    """

    pid: int
    name: str
    folder: Path
    started: float


def leftovers() -> list[Leftover]:
    """This user's processes that belong to a cluster of the harness without an owner, oldest first.

    A cluster's owner is the process that started it or, if it is a warm one, the workspace whose note names it.
    """
    root = folders.root()
    owned: dict[Path, bool] = {}
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.status() == psutil.STATUS_ZOMBIE or (folder := _folder(process, root)) is None:
                continue
            if not owned.setdefault(folder, _is_owned(folder)):
                found.append(Leftover(process.pid, process.name(), folder, process.create_time()))
    return sorted(found, key=lambda each: each.started)


def _folder(process: psutil.Process, root: Path) -> Path | None:
    """The cluster's folder that a process names in its arguments, or writes its output to."""
    for text in (*process.cmdline(), *_outputs(process.pid)):
        for part in text.removesuffix(" (deleted)").split("="):
            path = Path(part)
            if root in path.parents:
                return root / path.relative_to(root).parts[0]
    return None


def _outputs(pid: int) -> list[str]:
    # a task's child process has no argument of ours, but it inherits the engine's output
    targets = []
    for descriptor in (1, 2):
        with contextlib.suppress(OSError):
            targets.append(str(Path(f"/proc/{pid}/fd/{descriptor}").readlink()))
    return targets


def _is_owned(folder: Path) -> bool:
    record = folders.read_record(folder)
    if record is None:
        with contextlib.suppress(OSError):
            return time.time() - folder.stat().st_mtime < folders.GRACE
        return False
    if not folders.is_alive(record.runner):
        return False
    if record.owner is not None:
        return folders.is_alive(record.owner)
    try:
        return json.loads(Path(record.state or "").read_text())["folder"] == str(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return False
