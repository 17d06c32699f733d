"""An exercise that fails under some orders of steps only: what a search finds is kept, shown, and graded."""

import shutil

import msgspec
import pytest
from hypothesis import strategies as st

from harness import places, views
from harness.apps import searched
from harness.cli import main
from harness.course import diagnosis, load, workspace
from harness.course.check import Check, CheckFailed
from harness.course.diagnosis import CauseAnswer, EvidenceAnswer, Prediction, Rejected
from harness.course.exercise import Exercise
from harness.course.tables import small
from harness.places import CLONE
from harness.store import Run

NAME = "29_fewer_than_expected"


@pytest.fixture
def exercise(workspace) -> Exercise:
    for part in ("exercises", "solutions"):
        shutil.copytree(CLONE / part / NAME, workspace / part / NAME)
    return load("29")


@pytest.fixture
def failing(exercise, cluster) -> Run:
    """The failing order that a search of the shipped code finds."""
    found = searched.failing_run(exercise, "original", cluster, workspace.seed(), places.runs())
    assert found is not None
    return found


def test_before_any_order_failed_the_check_says_what_finds_one(exercise, cluster):
    with pytest.raises(CheckFailed, match="no failing run yet: `harness explore 29` finds one"):
        Check(exercise, cluster).diagnosis()


def test_a_run_that_failed_by_chance_is_not_what_a_diagnosis_is_held_against(exercise, failing):
    manifest = failing.folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"search"', b'"forked"'))
    by_chance = Run(failing.folder)
    assert by_chance.manifest.backend == "forked"
    assert not workspace.pin(exercise, by_chance)
    assert workspace.failing_runs(exercise, workspace.seed()) == []


def test_the_step_that_settles_it_is_graded_right_and_another_one_wrong(exercise, failing):
    assert workspace.pin(exercise, failing)
    [truth] = diagnosis.truths_of(failing, exercise)
    evidence = EvidenceAnswer(engine=truth.engine, task=truth.task, line=f"task.py:{truth.line}", event=truth.events[0])
    answer = diagnosis.Diagnosis(
        prediction=Prediction(outcome="wrong"),
        evidence=evidence,
        cause=CauseAnswer(name="lost-update"),
        rejected=Rejected(hypothesis="a task has failed", because="all of them ended"),
    )
    assert all(remark.right for remark in diagnosis.grade(exercise, answer, answer, [failing]))
    first = failing.of_kind("step")[0].id
    other = msgspec.structs.replace(answer, evidence=msgspec.structs.replace(evidence, event=first))
    wrong = [one.field for one in diagnosis.grade(exercise, other, other, [failing]) if not one.right]
    assert wrong == ["evidence.event"]


def test_the_smallest_tables_with_which_an_order_fails_are_told(exercise, cluster):
    reference = exercise.reference
    drawn = st.integers(0, 9).map(lambda rows: small(1, {"amzn": rows, "msft": 1}))
    mine = searched.schedules(Check(exercise, cluster))
    with pytest.raises(CheckFailed, match="under one order of steps, with ") as failed:
        mine.none_fails_with(reference, drawn, seconds=60)
    assert "{'amzn': Empty DataFrame" in str(failed.value)
    assert failed.value.run.outcome.outcome == "wrong"
    assert "What does task 1 add its tweets to?" in failed.value.hint
    shutil.copy(exercise.solution / "task.py", exercise.folder / "task.py")
    mine.none_fails_with(reference, drawn, seconds=1)
    assert mine.report is None


def test_a_kept_order_is_drawn_and_a_plain_run_has_none(exercise, failing, workspace, capsys):
    assert "--schedule" in views.plain(views.verdict(failing, workspace))
    with pytest.raises(SystemExit) as ended:
        main(["show", "--schedule"])
    drawn = capsys.readouterr().out
    assert not ended.value.code
    assert drawn.count("writes tweets.txt") == 3
    assert ">" in drawn
    (failing.folder / "schedule.json").unlink()
    with pytest.raises(SystemExit) as ended:
        main(["show", "--schedule"])
    assert ended.value.code == 2
    assert "keeps no schedule" in capsys.readouterr().err
