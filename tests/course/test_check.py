"""A check of what learners really save: files that can't be imported, have no main, or fail at once."""

import shutil
from unittest import SkipTest

import pytest

from harness import places
from harness.course import load
from harness.course.check import Check, CheckFailed
from harness.course.exercise import load_file
from harness.course.tables import small
from harness.places import CLONE
from harness.store import all_runs


@pytest.fixture
def check(workspace, cluster):
    for part in ("exercises", "solutions"):
        shutil.copytree(CLONE / part / "01_three_of_four", workspace / part / "01_three_of_four")
    return Check(load("1"), cluster)


def save(check, text):
    (check.exercise.folder / "task.py").write_text(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def main(view, tables):\n    return {\n", r"task.py can't be imported: SyntaxError.*\n.*\n.*line 2"),
        (
            "import nothing_like_it\n",
            r"No module named 'nothing_like_it'\n\nHint: task.py, line 1",
        ),
        ("raise SystemExit(3)\n", r"can't be imported: SystemExit: 3"),
        ("def mian(view, tables):\n    return {}\n", r"has no function 'main'; it has: mian"),
    ],
)
def test_a_file_that_cannot_be_run_is_said_in_the_learners_terms(check, text, said):
    save(check, text)
    with pytest.raises(CheckFailed, match=said):
        check.saved_case(check.exercise.reference)


def test_a_missing_file_is_said(check):
    (check.exercise.folder / "task.py").unlink()
    with pytest.raises(CheckFailed, match="no file"):
        check.saved_case(check.exercise.reference)


def test_after_the_saved_case_failed_nothing_else_is_run(check):
    reference = check.exercise.reference
    with pytest.raises(CheckFailed, match="the saved case: exception"):
        check.saved_case(reference)
    with pytest.raises(SkipTest):
        check.still_parallel(reference)
    search = load_file(check.exercise.folder / "test_01_three_of_four.py").test_any_tweets_on_any_engines
    with pytest.raises(SkipTest):
        search(exercise=check)
    assert len(all_runs(places.runs())) == 1


def test_mended_it_is_tried_to_the_end_and_runs_that_are_ok_are_not_kept_by_the_search(check):
    shutil.copy(check.exercise.solution / "task.py", check.exercise.folder / "task.py")
    reference = check.exercise.reference
    check.saved_case(reference)
    check.equals(reference, small(5, {"amzn": 3, "nflx": 2}), 2)
    assert len(all_runs(places.runs())) == 1
    check.still_parallel(reference)
