"""How soon a learner has the verdict after saving a task: `harness watch` against pytest, cold and warm."""

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness import cluster
from harness.apps.watch.checker import Broken, Checker, Told, Verdict
from harness.apps.watch.saves import Saves
from harness.errors import CannotWork
from harness.places import CLONE

EXERCISES = ("01_three_of_four", "18_a_little_off")
REPEATS = 7
LIMIT = 120.0  # seconds for each verdict


def run(repeats: int = REPEATS) -> dict[str, Any]:
    """Save each exercise's task as shipped, `repeats` times, in turn with pytest on its saved case; seconds.

    watch: from the save until the verdict is told. pytest, warm: the command on the warm cluster. pytest, cold: the
    command that starts its own cluster.
    """
    taken: dict[str, list[float]] = {"watch": [], "pytest, warm": [], "pytest, cold": []}
    with _workspace() as folder:
        for _ in range(repeats):
            for name in EXERCISES:
                taken["pytest, cold"].append(_pytest(folder, name))
        with _warm_cluster(folder), Learner(folder) as learner:
            for name in EXERCISES:
                learner.save(name)  # the first one imports what the others find imported
            for _ in range(repeats):
                for name in EXERCISES:
                    taken["watch"].append(learner.save(name))
                    taken["pytest, warm"].append(_pytest(folder, name))
    median = {way: statistics.median(seconds) for way, seconds in taken.items()}
    return {
        "exercises": list(EXERCISES),
        "repeats": repeats,
        **{
            f"seconds, {way}": {"median": median[way], "least": min(seconds), "most": max(seconds)}
            for way, seconds in taken.items()
        },
        "times as fast as pytest, warm": median["pytest, warm"] / median["watch"],
        "times as fast as pytest, cold": median["pytest, cold"] / median["watch"],
    }


class Learner:
    """Saves files, and waits for what `harness watch` would show."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: list[Told] = []
        self._came = threading.Condition()
        self._checker = Checker(self._hear)
        self._saves = Saves(folder / "exercises", self._saved)

    def __enter__(self) -> "Learner":
        self._checker.__enter__()
        self._saves.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._saves.__exit__()
        self._checker.__exit__()

    def save(self, name: str) -> float:
        """Save the task of an exercise; seconds until its verdict. Raises CannotWork if none comes."""
        task = self._folder / "exercises" / name / "task.py"
        content = task.read_bytes()
        with self._came:
            self._told.clear()
            begin = time.perf_counter()
            task.write_bytes(content)
            if not self._came.wait_for(lambda: self._answers(), LIMIT):
                raise CannotWork(f"no verdict on {name} within {LIMIT:g} s of saving it; see `harness doctor`")
            answer = self._answers()[0]
        if isinstance(answer, Broken):
            raise CannotWork(f"{name} could not be checked: {answer.reason}")
        return time.perf_counter() - begin

    def _answers(self) -> list[Told]:
        return [told for told in self._told if isinstance(told, Verdict | Broken)]

    def _saved(self, path: Path) -> None:
        self._checker.ask(path.parent.name, whole=False)

    def _hear(self, told: Told) -> None:
        with self._came:
            self._told.append(told)
            self._came.notify_all()


def _pytest(folder: Path, name: str) -> float:
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(folder / "exercises" / name), "-k", "saved_case"],
        cwd=folder,
        env={**os.environ, "HARNESS_WORKSPACE": str(folder)},
        capture_output=True,
        check=False,
        timeout=LIMIT,
    )
    return time.perf_counter() - begin


@contextlib.contextmanager
def _workspace() -> Iterator[Path]:
    """A folder with the shipped exercises that is the workspace while it is there."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in EXERCISES:
            for part in ("exercises", "solutions"):
                shutil.copytree(CLONE / part / name, folder / part / name)
            shutil.copy(folder / "solutions" / name / "original.py", folder / "exercises" / name / "task.py")
        before = os.environ.get("HARNESS_WORKSPACE")
        os.environ["HARNESS_WORKSPACE"] = place
        try:
            yield folder
        finally:
            if before is None:
                del os.environ["HARNESS_WORKSPACE"]
            else:
                os.environ["HARNESS_WORKSPACE"] = before


@contextlib.contextmanager
def _warm_cluster(folder: Path) -> Iterator[None]:
    with cluster.start_warm(2, workspace=folder):
        pass
    try:
        yield
    finally:
        cluster.stop_warm(folder)
