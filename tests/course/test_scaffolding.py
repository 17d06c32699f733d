"""A new exercise runs at once, is found by the course, and says what is still to be written."""

import shutil

import pytest

from harness.course import all_exercises, audit, load, proof
from harness.course.proof import Clusters
from harness.course.scaffolding import scaffold
from harness.errors import BadInput
from harness.places import CLONE
from harness.triage import execute


@pytest.fixture
def one(workspace):
    for part in ("exercises", "solutions"):
        shutil.copytree(CLONE / part / "18_a_little_off", workspace / part / "18_a_little_off")
    return all_exercises()


def test_it_runs_and_its_reference_agrees(workspace, one, cluster):
    made = scaffold(workspace, 60, "odd_days", None, one)
    assert load("60").metadata.chapter == "D"
    for variant in ("mine", "original", "solution", "decoy:first_try"):
        made.target(variant)
    tables = made.tables(1)
    run = execute(
        made.target(), cluster, workspace / "runs", arguments=(tables,), reference=lambda: made.reference(tables)
    )
    assert run.outcome.outcome == "ok", run.outcome.reason


def test_a_proof_says_of_every_file_what_is_to_be_written_and_runs_nothing(workspace, one):
    made = scaffold(workspace, 7, "odd_days", "A", one)
    with Clusters() as started:
        found = list(proof.whole(made, started))
        assert started._running == {}
    told = "\n".join(finding.problem for finding in found)
    for file in (
        "exercises/07_odd_days/README.md:",
        "exercises/07_odd_days/exercise.toml:",
        "exercises/07_odd_days/task.py:",
        "exercises/07_odd_days/test_07_odd_days.py:",
        "solutions/07_odd_days/instance.py:",
        "solutions/07_odd_days/hints.toml:",
        "solutions/07_odd_days/diagnosis.toml:",
        "solutions/07_odd_days/EXPLANATION.md:",
        "solutions/07_odd_days/review.py:",
    ):
        assert f"{file}" in told
    assert all("TODO" in line for line in told.splitlines())


def test_once_every_todo_is_written_what_is_left_is_audited(workspace, one):
    made = scaffold(workspace, 60, "odd_days", None, one)
    for folder in (made.folder, made.solution):
        for path in folder.rglob("*.*"):
            path.write_text(path.read_text().replace("TODO", "done"))
    assert audit.unfinished(made) == []
    assert any("is no class of causes" in problem for problem in audit.problems(made))


@pytest.mark.parametrize(
    ("number", "slug", "said"),
    [
        (18, "new_one", "is there already"),
        (60, "a_little_off", "is there already"),
        (60, "Odd-Days", "lower-case"),
        (0, "x", "1 to 99"),
    ],
)
def test_what_is_taken_or_cannot_be_is_refused_and_nothing_is_written(workspace, one, number, slug, said):
    before = sorted(workspace.rglob("*"))
    with pytest.raises(BadInput, match=said):
        scaffold(workspace, number, slug, None, one)
    assert sorted(workspace.rglob("*")) == before
