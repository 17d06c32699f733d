"""Each exercise fails as shipped, passes with its solution, and lets no decoy and no gutted task through."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.course.exercise import Exercise
from harness.places import CLONE

EXERCISES = [Exercise(path.parent) for path in sorted((CLONE / "exercises").glob("[0-9][0-9]_*/exercise.toml"))]
DECOYS = [(one, path) for one in EXERCISES for path in sorted((one.solution / "decoys").glob("*.py"))]

GUTTED = {
    "empty": ("def main(view, tables):\n    return None\n", "wrong"),
    "sequential": (
        "import importlib.util\n"
        "from pathlib import Path\n\n"
        "def main(view, tables):\n"
        "    path = next(Path(__file__).parent.glob('test_*.py'))\n"
        "    spec = importlib.util.spec_from_file_location('reference_of_test', path)\n"
        "    module = importlib.util.module_from_spec(spec)\n"
        "    spec.loader.exec_module(module)\n"
        "    return module.reference(tables)\n",
        "the work is not shared",
    ),
}


@pytest.fixture
def workspace(tmp_path):
    for part in ("exercises", "solutions"):
        shutil.copytree(CLONE / part, tmp_path / part)
    (tmp_path / ".harness").mkdir()
    (tmp_path / ".harness" / "seed").write_text("4711\n")
    return tmp_path


def checked(workspace: Path, exercise: Exercise, *options: str) -> tuple[int, str]:
    """pytest's exit status and output for one exercise of the workspace."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            f"exercises/{exercise.name}",
            "-q",
            "--tb=short",
            "-p",
            "no:cacheprovider",
            *options,
        ],
        cwd=workspace,
        env={**os.environ, "HARNESS_WORKSPACE": str(workspace)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    return done.returncode, done.stdout + done.stderr


def copy(source: Path, workspace: Path, exercise: Exercise, name: str) -> None:
    shutil.copy(source, workspace / "exercises" / exercise.name / name)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_as_shipped_it_fails_on_its_symptom(workspace, exercise):
    status, output = checked(workspace, exercise)
    assert status == 1, output
    assert f"the saved case: {exercise.metadata.symptom.outcome}" in output
    assert re.search(r"answers in .*diagnosis.toml are open", output)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_the_shipped_task_is_kept_byte_for_byte(exercise):
    assert (exercise.folder / "task.py").read_bytes() == (exercise.solution / "original.py").read_bytes()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_with_its_solution_it_passes(workspace, exercise):
    copy(exercise.solution / "task.py", workspace, exercise, "task.py")
    copy(exercise.solution / "diagnosis.toml", workspace, exercise, "diagnosis.toml")
    status, output = checked(workspace, exercise)
    assert status == 0, output


@pytest.mark.parametrize(("exercise", "decoy"), DECOYS, ids=lambda one: getattr(one, "stem", getattr(one, "name", "")))
def test_a_decoy_is_rejected_with_a_hint_of_its_own(workspace, exercise, decoy):
    copy(decoy, workspace, exercise, "task.py")
    status, output = checked(workspace, exercise, "-k", "not diagnosis", "-x")
    assert status == 1, output
    assert "Hint: " in output or "not shared" in output or "no two tasks" in output


@pytest.mark.parametrize("kind", GUTTED)
@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_a_gutted_task_is_rejected_and_told_why(workspace, exercise, kind):
    source, said = GUTTED[kind]
    (workspace / "exercises" / exercise.name / "task.py").write_text(source)
    status, output = checked(workspace, exercise, "-k", "not diagnosis")
    assert status == 1, output
    assert said in output


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_its_files_are_complete(exercise):
    readme = (exercise.folder / "README.md").read_text(encoding="utf-8")
    parts = ["The contract", "The symptom", "Predict", "Run", "Collect evidence", "Explain", "Mend", "Prevent"]
    assert re.findall(r"^## (.+)$", readme, re.M) == parts
    from harness.course.hints import graded

    assert len(graded(exercise)) >= 3
    explanation = (exercise.solution / "EXPLANATION.md").read_text(encoding="utf-8")
    for decoy in (exercise.solution / "decoys").glob("*.py"):
        assert decoy.stem in explanation
    assert "## Seen in the wild" in explanation
