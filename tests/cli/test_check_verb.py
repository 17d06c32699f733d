"""`harness check`: says no with evidence, says yes when diagnosis and mend are right, and remembers both."""

import os
import shutil
import subprocess
import sys

import pytest

from harness.course import load, standing
from harness.course.workspace import ProgressFile
from harness.places import CLONE

NAME = "01_three_of_four"


@pytest.fixture
def check(workspace):
    for part in ("exercises", "solutions"):
        shutil.copytree(CLONE / part / NAME, workspace / part / NAME)

    def run():
        done = subprocess.run(
            [sys.executable, "-m", "harness", "check", "1"],
            cwd=CLONE,
            env={**os.environ, "HARNESS_WORKSPACE": str(workspace)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stdout

    return run


def test_a_no_comes_with_its_evidence_and_a_yes_is_remembered(check):
    exercise = load("1")
    status, output = check()
    assert status == 1
    for evidence in ("the saved case: exception", "Hint: ", "harness: verdict", "text = nan", "`harness hint 1` helps"):
        assert evidence in output
    assert "2 failed, 2 skipped" in output, "once the saved case failed, nothing else is tried"
    assert ProgressFile().read()[NAME].checks == 1
    for name in ("task.py", "diagnosis.toml"):
        shutil.copy(exercise.solution / name, exercise.folder / name)
    status, output = check()
    assert status == 0, output
    assert "`harness solution 1` explains it" in output
    progress = ProgressFile().read()
    assert (progress[NAME].state, progress[NAME].checks) == ("passed", 2)
    assert standing.following([exercise], progress) is None
