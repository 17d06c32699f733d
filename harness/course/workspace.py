"""What a workspace remembers of its learner: the seed, the first failing run of each exercise, what was passed."""

import contextlib
import fcntl
import json
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from harness import places, store
from harness.course.exercise import Exercise
from harness.errors import BadInput
from harness.store import Run

SEARCHED = "search"
"""The backend that manifest.json names in runs that a search kept."""


def seed() -> int:
    """The workspace's seed, drawn when it is first asked for and kept in `.harness/seed`."""
    path = places.state() / "seed"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        store.replace_file(path, f"{random.SystemRandom().randrange(1000, 10000)}\n".encode())
    text = path.read_text().strip()
    if not text.isdigit():
        raise BadInput(f"{path} holds {text!r}, not a number; delete it and a new seed is drawn")
    return int(text)


def pinned(exercise: Exercise) -> Run | None:
    """The learner's first failing run of an exercise, if there was one."""
    folder = places.state() / "pins" / exercise.name
    return Run(folder) if (folder / "manifest.json").exists() else None


def pin(exercise: Exercise, run: Run) -> bool:
    """Keep a copy of the run if it is the first that failed as the exercise says it does; returns whether it was."""
    if pinned(exercise) or not _shows(run, exercise):
        return False
    folder = places.state() / "pins" / exercise.name
    draft = folder.with_name(f".{folder.name}")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(run.folder, draft)
    draft.replace(folder)
    return True


def failing_runs(exercise: Exercise, workspace_seed: int) -> list[Run]:
    """The pinned run, then the learner's other runs of the exercise with this seed that failed as it says."""
    kept = pinned(exercise)
    found = [kept] if kept else []
    for run in store.all_runs(places.runs()):
        manifest = run.manifest
        if (
            manifest.target != exercise.name
            or manifest.seed != workspace_seed
            or manifest.variant not in ("mine", "original")
        ):
            continue
        if _shows(run, exercise) and not (kept and kept.manifest.run == manifest.run):
            found.append(run)
    return found


def _shows(run: Run, exercise: Exercise) -> bool:
    """Whether a run failed as the exercise says: found by a search if that is to show it, and else by a run."""
    wanted = exercise.metadata.symptom
    if wanted.search != (run.manifest.backend == SEARCHED):
        return False
    return run.outcome is not None and run.outcome.outcome == wanted.outcome


@dataclass(frozen=True)
class Progress:
    """What is known of one exercise. Times are seconds since the epoch, None for what has not happened.

    `prediction` is None before the first run, and empty if there was none when it began. `hints` is how many were
    read, `checks` how many were made.
    """

    prediction: str | None = None
    begun: float | None = None
    checks: int = 0
    hints: int = 0
    passed: float | None = None
    given_up: float | None = None

    @property
    def state(self) -> str:
        """One of STATES."""
        if self.passed is not None:
            return "passed"
        if self.given_up is not None:
            return "given up"
        return "begun" if self.prediction is not None or self.checks else "new"

    @classmethod
    def of(cls, entry: dict[str, Any]) -> "Progress":
        """From an entry of the file; what this version does not know is left out. Raises msgspec.ValidationError."""
        return msgspec.convert(entry, cls)


STATES = ("new", "begun", "given up", "passed")
FORMAT = 1


class ProgressFile:
    """`.harness/progress.json`, and beside it a copy of it.

    Written atomically, by one process at a time. What a newer harness wrote there is kept. A damaged file is kept
    under another name and the copy stands in; `notice` then says so.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or places.state() / "progress.json"
        self.notice = ""

    @property
    def copy(self) -> Path:
        return self.path.with_name(f"{self.path.stem}.copy.json")

    def read(self) -> dict[str, Progress]:
        """What is known, by exercise."""
        return {name: Progress.of(entry) for name, entry in self._content()["exercises"].items()}

    def update(self, exercise: Exercise, **changes: Any) -> Progress:
        """Change what is known of one exercise, keep the rest, and return it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            content = self._content()
            entry = content["exercises"].get(exercise.name, {})
            content["exercises"][exercise.name] = {**vars(Progress()), **entry, **changes}
            text = json.dumps(content, indent=2).encode()
            store.replace_file(self.path, text)
            store.replace_file(self.copy, text)
        return Progress.of(content["exercises"][exercise.name])

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self.path.with_name(".progress.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _content(self) -> dict[str, Any]:
        try:
            return decoded(self.path)
        except FileNotFoundError:
            return {"format": FORMAT, "exercises": {}}
        except ValueError:
            return self._rescued()

    def _rescued(self) -> dict[str, Any]:
        kept = self.path.with_name(f"progress.damaged-{int(time.time())}.json")
        self.path.replace(kept)
        said = f"{self.path} was damaged; it is kept as {kept.name}, and progress"
        try:
            content = decoded(self.copy)
        except (FileNotFoundError, ValueError):
            self.notice = f"{said} starts anew"
            return {"format": FORMAT, "exercises": {}}
        store.replace_file(self.path, self.copy.read_bytes())
        self.notice = f"{said} is taken from its copy"
        return content


def note_check(exercise: Exercise, *, passed: bool) -> None:
    """Count one more check of an exercise, and when it was first passed if it was."""
    file = ProgressFile()
    entry = file.read().get(exercise.name, Progress())
    changes: dict[str, Any] = {"passed": entry.passed or time.time()} if passed else {}
    file.update(exercise, checks=entry.checks + 1, **changes)


def decoded(path: Path) -> dict[str, Any]:
    """The content of a progress file, checked. Raises FileNotFoundError, and ValueError for a damaged one."""
    content = json.loads(path.read_text(encoding="utf-8"))
    try:
        for entry in content["exercises"].values():
            Progress.of(entry)
        return content
    except (KeyError, TypeError, AttributeError, msgspec.ValidationError) as problem:
        raise ValueError(f"{path} is not a progress file: {problem}") from None
