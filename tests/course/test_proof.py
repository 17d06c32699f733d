"""A proof finds what is wrong with an exercise: no symptom, a solution that fails, a wrong mend that gets through."""

import shutil

import pytest

from harness.course import load, proof
from harness.course.confusion import Confusion
from harness.course.trial import SEED
from harness.places import CLONE


@pytest.fixture
def exercise(workspace):
    for part in ("exercises", "solutions"):
        shutil.copytree(CLONE / part / "01_three_of_four", workspace / part / "01_three_of_four")
    return load("1")


def test_a_mended_original_shows_no_symptom_and_a_broken_solution_is_not_ok(exercise, cluster):
    original, solution = exercise.solution / "original.py", exercise.solution / "task.py"
    broken = original.read_bytes()
    shutil.copy(solution, original)
    solution.write_bytes(broken)
    [shipped], [solved] = proof.shipped(exercise, cluster, [SEED]), proof.solved(exercise, cluster, [SEED])
    assert "ok (main returned what the reference says) instead of exception" in shipped.problem
    assert solved.seen == "exception"
    assert "seed 4711: exception" in solved.problem


def test_another_exception_than_the_declared_one_is_no_symptom(exercise, cluster):
    file = exercise.folder / "exercise.toml"
    file.write_text(file.read_text().replace('type = "AttributeError"\n', 'type = "KeyError"\n'))
    [shipped] = proof.shipped(exercise, cluster, [SEED])
    assert "no KeyError among the failures (AttributeError)" in shipped.problem


SAME_WORDS = """def hint(outcome, tables):
    return "look again"
"""


def test_a_decoy_that_is_a_mend_gets_through_and_one_that_shows_the_same_may_get_the_same_hint(exercise, cluster):
    decoys = exercise.solution / "decoys"
    shutil.copy(exercise.solution / "task.py", decoys / "in_truth_a_mend.py")
    shutil.copy(decoys / "as_string.py", decoys / "as_string_again.py")
    said = {one.part: one.problem for one in proof.decoys(exercise, cluster)}
    assert said["decoy:in_truth_a_mend"] == "the check lets it pass"
    assert said["decoy:as_string"] == said["decoy:as_string_again"] == said["decoy:skip_the_company"] == ""


def test_the_same_words_for_decoys_that_show_different_things_are_no_hint(exercise, cluster):
    (exercise.solution / "review.py").write_text(SAME_WORDS)
    said = {one.part: one.problem for one in proof.decoys(exercise, cluster)}
    assert said["decoy:as_string"] == ""
    assert "its hint is that of as_string" in said["decoy:skip_the_company"]


def test_a_proof_leaves_workspace_and_files_as_they_were(exercise, cluster, workspace):
    before = sorted(path.relative_to(workspace) for path in workspace.rglob("*"))
    assert proof.passes(exercise, cluster).problem == ""
    assert sorted(path.relative_to(workspace) for path in workspace.rglob("*")) == before


def test_the_score_counts_each_class_alike():
    confusion = Confusion.of([("ok", "ok")] * 98 + [("wrong", "ok")] * 2)
    assert confusion.classes == ["ok", "wrong"]
    assert confusion.macro_f1 == pytest.approx((2 * 98 / (2 * 98 + 2) + 0) / 2)
    assert Confusion.of([]).macro_f1 is None
