"""The course on the command line: list, next, hint, reset, solution, progress say what a learner needs then."""

import json
import shutil

import pytest
from click.testing import CliRunner

from harness.cli import course as verbs
from harness.cli import harness
from harness.course import CHAPTERS, load
from harness.course.hints import graded, stage
from harness.course.workspace import STATES, ProgressFile, note_check
from harness.errors import BadInput
from harness.places import CLONE

TWO = ("01_three_of_four", "18_a_little_off")


@pytest.fixture(autouse=True)
def course(workspace):
    for part in ("exercises", "solutions"):
        for name in TWO:
            shutil.copytree(CLONE / part / name, workspace / part / name)


def said(*arguments):
    done = CliRunner().invoke(harness, arguments, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.stdout


def test_the_words_of_the_options_are_those_of_the_course():
    assert verbs.STATES == STATES
    assert tuple(CHAPTERS) == verbs.CHAPTERS


def test_the_list_shows_states_and_can_be_filtered():
    note_check(load("1"), passed=True)
    assert "01  three_of_four          passed" in said("list")
    assert "Next: exercises/18_a_little_off" in said("list")
    assert "18  a_little_off" not in said("list", "--state", "passed")
    assert "three_of_four" not in said("list", "--chapter", "d")
    assert "none" in said("list", "--chapter", "B")
    rows = json.loads(said("list", "--json", "--state", "new"))["exercises"]
    assert [(row["number"], row["state"]) for row in rows] == [(18, "new")]


def test_next_shows_what_it_is_about_and_the_command_and_not_what_comes_later():
    shown = said("next")
    assert "harness run 1" in shown
    assert "The symptom" in shown
    assert "Collect evidence" not in shown
    note_check(load("1"), passed=True)
    assert "harness run 18" in said("next")
    note_check(load("18"), passed=True)
    assert "All are passed" in said("next")


def test_hints_open_one_by_one_and_say_what_they_are_about():
    exercise = load("1")
    written = graded(exercise)
    for checks in range(len(written)):
        shown = said("hint", "1")
        assert f"{checks + 1}. ({stage(checks + 1, len(written))})" in shown
        assert f"\n{checks + 2}. (" not in shown
        note_check(exercise, passed=False)
    assert "That was the last" in said("hint", "1")
    assert ProgressFile().read()[exercise.name].hints == len(written)
    assert [stage(number, 5) for number in range(1, 6)] == [
        "where to look",
        "which evidence",
        "which evidence",
        "the class of the cause",
        "the line",
    ]


def test_hints_say_when_there_is_no_failing_run_to_hold_them_against():
    assert "`harness run 1` first" in said("hint", "1")
    note_check(load("1"), passed=True)
    assert "`harness run 1` first" not in said("hint", "1")


def test_the_solution_is_for_those_who_passed_or_give_up():
    with pytest.raises(BadInput, match="not passed yet"):
        said("solution", "1")
    shown = said("solution", "1", "--give-up")
    assert "dropna" in shown
    assert "bad-record" in shown
    assert "words = text" not in shown.partition("bad-record")[0], "what is alike is left out"
    assert "given up" in said("list")
    assert "dropna" in said("solution", "1"), "once given up, it stays open"


def test_a_reset_names_where_the_learners_version_is(workspace):
    (workspace / "exercises" / TWO[0] / "task.py").write_text("mine")
    shown = said("reset", "1")
    kept = shown.split("kept in ")[1].strip().rstrip(".")
    assert (workspace / kept / "task.py").read_text() == "mine"
    assert "is as it was shipped" in said("reset", "1")


def test_progress_of_one_workspace_and_of_many(workspace, tmp_path_factory):
    note_check(load("1"), passed=True)
    assert "1 passed, 0 given up, 0 begun" in said("progress")
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(workspace / ".harness", other / ".harness")
    table = said("progress", str(workspace), str(other), str(other / "none"))
    assert "no such folder" in table
    assert len(table.splitlines()) == 4
    data = json.loads(said("progress", "--json", str(workspace), str(other)))["workspaces"]
    assert [one["exercises"][TWO[0]]["state"] for one in data] == ["passed", "passed"]


def test_a_damaged_progress_file_is_said_where_it_is_first_read(workspace, capsys):
    note_check(load("1"), passed=True)
    ProgressFile().path.write_text("{")
    done = CliRunner().invoke(harness, ["list"], standalone_mode=False)
    assert "was damaged" in done.stderr
    assert "passed" in done.stdout


def test_the_page_of_the_course_is_what_the_metadata_says():
    made = CliRunner().invoke(harness, ["list", "--markdown"], standalone_mode=False).stdout
    for name in TWO:
        about = load(name).metadata
        assert f"({name}/README.md) | {about.minutes} min | {about.about} | {about.teaches} |" in made
