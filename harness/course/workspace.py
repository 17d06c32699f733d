"""What a workspace remembers of its learner: the seed, the first failing run of each exercise, what was passed."""

import json
import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import places, store
from harness.course.exercise import Exercise
from harness.errors import BadInput
from harness.store import Run


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
    if pinned(exercise) or run.outcome is None or run.outcome.outcome != exercise.metadata.symptom.outcome:
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
        if (
            run.outcome
            and run.outcome.outcome == exercise.metadata.symptom.outcome
            and not (kept and kept.manifest.run == manifest.run)
        ):
            found.append(run)
    return found


@dataclass(frozen=True)
class Progress:
    """What is known of one exercise: the prediction before the first run, checks made, and when it was passed.

    `prediction` is None before the first run, and empty if there was none when it began.
    """

    prediction: str | None = None
    checks: int = 0
    passed: float | None = None


class ProgressFile:
    """`.harness/progress.json`; written atomically. A damaged file is kept beside and said, never thrown away."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or places.state() / "progress.json"
        self.notice = ""

    def read(self) -> dict[str, Progress]:
        try:
            stored = json.loads(self.path.read_text(encoding="utf-8"))
            return {name: Progress(**_known(entry)) for name, entry in stored["exercises"].items()}
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, AttributeError):
            kept = self.path.with_name(f"progress.damaged-{int(time.time())}.json")
            self.path.replace(kept)
            self.notice = f"{self.path} was damaged; it is kept as {kept.name}, and progress starts anew"
            return {}

    def update(self, exercise: Exercise, **changes: Any) -> Progress:
        """Change what is known of one exercise, keep the rest, and return it."""
        everything = self.read()
        entry = Progress(**{**vars(everything.get(exercise.name, Progress())), **changes})
        everything[exercise.name] = entry
        content = {"format": 1, "exercises": {name: vars(one) for name, one in everything.items()}}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        store.replace_file(self.path, json.dumps(content, indent=2).encode())
        return entry


def note_check(exercise: Exercise, *, passed: bool) -> None:
    """Count one more check of an exercise, and when it was passed if it was."""
    file = ProgressFile()
    entry = file.read().get(exercise.name, Progress())
    changes: dict[str, Any] = {"passed": time.time()} if passed else {}
    file.update(exercise, checks=entry.checks + 1, **changes)


def _known(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name in Progress.__dataclass_fields__}
