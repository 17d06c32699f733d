"""An exercise's files as they were shipped, and the way back to them; what the learner had is kept."""

import shutil
import time
from pathlib import Path

from harness import places, store
from harness.course.exercise import Exercise
from harness.errors import BadInput

KEPT = {"task.py": "original.py", "diagnosis.toml": "original.toml"}
"""The learner's two files, and what the solution's folder calls them as shipped."""


def shipped(exercise: Exercise, name: str) -> bytes:
    """The content of one of the learner's two files as shipped. Raises BadInput if it is gone."""
    path = exercise.solution / KEPT[name]
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"{path} is missing; `git checkout -- {path}` brings the shipped one back") from None


def changed(exercise: Exercise) -> list[str]:
    """Which of the learner's two files are not as shipped, or not there."""
    return [name for name in KEPT if _content(exercise.folder / name) != shipped(exercise, name)]


def reset(exercise: Exercise) -> tuple[list[str], Path | None]:
    """Put the learner's two files back as shipped, byte for byte; returns which, and the folder that keeps theirs.

    Progress and the pinned run stay. The folder is None if there was nothing to keep.
    """
    names = changed(exercise)
    theirs = [name for name in names if (exercise.folder / name).exists()]
    folder = None
    if theirs:
        folder = _free(places.state() / "kept" / exercise.name)
        folder.mkdir(parents=True)
        for name in theirs:
            shutil.copy2(exercise.folder / name, folder / name)
    for name in names:
        store.replace_file(exercise.folder / name, shipped(exercise, name))
    return names, folder


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _free(base: Path) -> Path:
    stamp = time.strftime("%Y%m%dT%H%M%S")
    found, again = base / stamp, 1
    while found.exists():
        again += 1
        found = base / f"{stamp}-{again}"
    return found
