"""`pytest exercises/` works as its users expect: names, marks, -x, --lf, JUnit XML; a failure brings its evidence."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from harness.course.causes import causes
from harness.course.exercise import CHAPTERS
from harness.course.workspace import ProgressFile
from harness.places import CLONE

FIRST = "01_three_of_four"
OTHER = "35_one_tweet"


@pytest.fixture
def course(workspace):
    for part in ("exercises", "solutions"):
        for name in (FIRST, OTHER):
            shutil.copytree(CLONE / part / name, workspace / part / name)
    return workspace


def pytest_says(course, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "exercises", *arguments],
        cwd=course,
        env={
            **{name: value for name, value in os.environ.items() if name != "CI"},  # there pytest says things twice
            "HARNESS_WORKSPACE": str(course),
            "PYTHONPATH": os.pathsep.join([str(CLONE), str(course)]),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def test_exercises_are_chosen_by_name_chapter_and_cause(course):
    for chosen in (["-k", FIRST], ["-m", "chapter_A and cause_bad_record"]):
        _, listed = pytest_says(course, "--collect-only", "-q", *chosen, "--strict-markers")
        assert f"exercises/{FIRST}/test_{FIRST}.py::test_the_saved_case" in listed
        assert OTHER not in listed


def test_marks_are_registered(course):
    _, listed = pytest_says(course, "--markers")
    of_causes = [f"cause_{name.replace('-', '_')}" for name in causes()]
    for mark in [f"chapter_{chapter}" for chapter in CHAPTERS] + of_causes:
        assert f"@pytest.mark.{mark}:" in listed


def test_a_failure_brings_verdict_log_values_and_one_hint_and_can_be_run_again_alone(course):
    status, output = pytest_says(course, "-k", f"{FIRST} and saved", "-x", "--junitxml=report.xml")
    assert status == 1
    for evidence in ("Hint: ", "harness: verdict", "harness: log of task", "text = nan", "AttributeError"):
        assert evidence in output
    assert output.count("Hint: ") == 1
    assert ProgressFile().read() == {}, "a part of a check counts for nothing"
    [case] = ET.parse(course / "report.xml").getroot().iter("testcase")
    assert FIRST in case.get("classname")
    assert "Hint: " in case.find("failure").text
    assert {one.get("name"): one.get("value") for one in case.iter("property")} == {"exercise": FIRST, "chapter": "A"}
    shutil.copy(course / "solutions" / FIRST / "task.py", course / "exercises" / FIRST / "task.py")
    status, output = pytest_says(course, "--lf")
    assert status == 0
    assert "1 passed" in output
    shutil.copy(course / "solutions" / FIRST / "diagnosis.toml", course / "exercises" / FIRST / "diagnosis.toml")
    assert pytest_says(course, "-m", "chapter_A")[0] == 0
    assert ProgressFile().read()[FIRST].state == "passed", "pytest counts as `harness check` does"


def test_several_workers_are_refused_with_the_reason(course):
    status, output = pytest_says(course, "-n", "2")
    assert status == 4
    assert "share one cluster" in output
