"""A file put through the whole check of its exercise, in a scratch workspace, as a learner's own would be."""

import contextlib
import inspect
import os
import pickle
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import places
from harness.cluster import Cluster
from harness.course import workspace
from harness.course.check import Check, CheckFailed
from harness.course.exercise import Exercise, load_file
from harness.course.searching import Searching

SEED = 4711
CONSTANT = "constant.pickle"
GUTTED = {
    "none": "def main(view, tables):\n    return None\n",
    "empty": "def main(view, tables):\n    return {}\n",
    "constant": (
        "import pickle\n"
        "from pathlib import Path\n\n"
        "def main(view, tables):\n"
        f"    return pickle.loads(Path(__file__).with_name('{CONSTANT}').read_bytes())\n"
    ),
    "sequential": (
        "import importlib.util\n"
        "from pathlib import Path\n\n"
        "def main(view, tables):\n"
        "    path = next(Path(__file__).parent.glob('test_*.py'))\n"
        "    spec = importlib.util.spec_from_file_location('reference_of_test', path)\n"
        "    module = importlib.util.module_from_spec(spec)\n"
        "    spec.loader.exec_module(module)\n"
        "    return module.reference(tables)\n"
    ),
}
"""Tasks that do not do the work. `constant` returns what is right for the saved case, whatever it is given."""


@dataclass(frozen=True)
class Answer:
    """What a check said: the test that failed, or none; its message, and the hint that it gave."""

    test: str = ""
    message: str = ""
    hint: str = ""
    outcome: str = ""

    @property
    def passed(self) -> bool:
        return not self.test


@contextlib.contextmanager
def scratch(exercise: Exercise, seed: int = SEED) -> Iterator[Exercise]:
    """A copy of the exercise in a workspace of its own, which is this process's meanwhile; removed at the end."""
    with tempfile.TemporaryDirectory(prefix="harness-trial-") as name:
        folder = Path(name)
        copied = Exercise(folder / "exercises" / exercise.name)
        hidden = shutil.ignore_patterns("__pycache__")
        shutil.copytree(exercise.folder, copied.folder, ignore=hidden)
        shutil.copytree(exercise.solution, copied.solution, ignore=hidden)
        (folder / ".harness").mkdir()
        (folder / ".harness" / "seed").write_text(f"{seed}\n")
        before = os.environ.get(places.WORKSPACE)
        os.environ[places.WORKSPACE] = name
        try:
            yield copied
        finally:
            if before is None:
                del os.environ[places.WORKSPACE]
            else:
                os.environ[places.WORKSPACE] = before


def as_learner(
    exercise: Exercise,
    cluster: Cluster,
    task: bytes,
    diagnosis: bytes | None = None,
    searching: Searching | None = None,
) -> Answer:
    """What the check says to this task.py, and to this diagnosis.toml if one is given; it stops at the first no.

    searching: for exercises that are proven by it. With a diagnosis, the shipped code is searched for a run first.
    """
    with scratch(exercise) as copied:
        (copied.folder / "task.py").write_bytes(task)
        if diagnosis is not None:
            (copied.folder / "diagnosis.toml").write_bytes(diagnosis)
            if searching is not None and exercise.metadata.symptom.search:
                run = searching.failing_run(copied, "original", cluster, workspace.seed(), places.runs())
                if run is not None:
                    workspace.pin(copied, run)
        return _checked(copied, cluster, searching, diagnosed=diagnosis is not None)


def gutted(exercise: Exercise, cluster: Cluster, kind: str, searching: Searching | None = None) -> Answer:
    """What the check says to one of GUTTED."""
    with scratch(exercise) as copied:
        (copied.folder / "task.py").write_text(GUTTED[kind])
        if kind == "constant":
            right = copied.reference(copied.tables(SEED))
            (copied.folder / CONSTANT).write_bytes(pickle.dumps(right))
        return _checked(copied, cluster, searching, diagnosed=False)


def _checked(exercise: Exercise, cluster: Cluster, searching: Searching | None, *, diagnosed: bool) -> Answer:
    module = load_file(exercise.folder / f"test_{exercise.name}.py")
    for name, test in vars(module).items():
        if not name.startswith("test_") or (name == "test_diagnosis" and not diagnosed):
            continue
        check = Check(exercise, cluster)
        given: dict[str, Any] = {"exercise": check}
        if searching is not None and "schedules" in inspect.signature(test).parameters:
            given["schedules"] = searching.schedules(check)
        try:
            test(**given)
        except CheckFailed as no:
            outcome = no.run.outcome.outcome if no.run and no.run.outcome else ""
            return Answer(name, str(no), no.hint, outcome)
        except Exception as problem:
            return Answer(name, f"{type(problem).__name__}: {problem}")
    return Answer()
