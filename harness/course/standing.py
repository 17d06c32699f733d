"""Where learners stand in the course: one workspace's exercises, what comes next, and many workspaces at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import places
from harness.course.exercise import Exercise
from harness.course.workspace import Progress, decoded


def state_of(exercise: Exercise, progress: Mapping[str, Progress]) -> str:
    """How far the learner is with an exercise: one of workspace.STATES."""
    return progress.get(exercise.name, Progress()).state


def following(exercises: Sequence[Exercise], progress: Mapping[str, Progress]) -> Exercise | None:
    """The first exercise that is neither passed nor given up, else the first that is not passed; None if all are."""
    for done in (("passed", "given up"), ("passed",)):
        for exercise in exercises:
            if state_of(exercise, progress) not in done:
                return exercise
    return None


@dataclass(frozen=True)
class Learner:
    """One workspace seen from outside. `problem` says in a few words why there is nothing, if there is nothing."""

    workspace: Path
    progress: dict[str, Progress]
    problem: str = ""

    def count(self, state: str) -> int:
        return sum(entry.state == state for entry in self.progress.values())

    @property
    def checks(self) -> int:
        return sum(entry.checks for entry in self.progress.values())

    @property
    def hints(self) -> int:
        return sum(entry.hints for entry in self.progress.values())

    @property
    def at(self) -> str:
        """The exercise begun last of those that are neither passed nor given up; empty if there is none."""
        under_way = {name: entry for name, entry in self.progress.items() if entry.state == "begun"}
        return max(under_way, key=lambda name: (under_way[name].begun or 0.0, name), default="")

    def as_data(self) -> dict[str, Any]:
        """For `--json`: every known fact of every exercise that was touched."""
        exercises = {name: {"state": entry.state, **vars(entry)} for name, entry in sorted(self.progress.items())}
        return {"workspace": str(self.workspace), "problem": self.problem, "exercises": exercises}


def learner(workspace: Path) -> Learner:
    """What a workspace's progress file says; the workspace is only read, and a damaged file is said."""
    path = workspace / places.STATE / "progress.json"
    try:
        found = decoded(path)["exercises"]
    except FileNotFoundError:
        return Learner(workspace, {}, "nothing begun" if workspace.is_dir() else "no such folder")
    except PermissionError:
        return Learner(workspace, {}, "not readable for you")
    except ValueError:
        return Learner(workspace, {}, "damaged progress file")
    return Learner(workspace, {name: Progress.of(entry) for name, entry in found.items()})


def stuck_at(learners: Iterable[Learner]) -> list[tuple[str, int]]:
    """Exercises that are begun and not passed, with in how many workspaces, most first: where a room is stuck."""
    counts: dict[str, int] = {}
    for one in learners:
        for name, entry in one.progress.items():
            if entry.state == "begun":
                counts[name] = counts.get(name, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
