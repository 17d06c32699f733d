"""What a workspace remembers survives damage, upgrades and each other's writing, and is drawn once."""

import json
from concurrent.futures import ThreadPoolExecutor

from harness.course import load, workspace
from harness.course.workspace import STATES, Progress, ProgressFile
from harness.places import CLONE


def test_the_seed_is_drawn_once():
    assert workspace.seed() == workspace.seed()


def test_progress_is_kept_beside_other_exercises():
    first, other = load("1", CLONE), load("18", CLONE)
    ProgressFile().update(first, checks=2)
    ProgressFile().update(other, passed=1.0)
    known = ProgressFile().read()
    assert (known[first.name].checks, known[other.name].passed) == (2, 1.0)


def test_a_damaged_progress_file_is_kept_and_said_and_its_copy_stands_in():
    file = ProgressFile()
    file.update(load("1", CLONE), checks=2)
    entries = ("3", '{"checks": "two"}', '{"passed": [1]}')
    for damage in ("{ not json", "[]", *(f'{{"exercises": {{"01_three_of_four": {entry}}}}}' for entry in entries)):
        file.path.write_text(damage)
        fresh = ProgressFile()
        assert fresh.read()["01_three_of_four"].checks == 2
        kept = max(file.path.parent.glob("progress.damaged-*.json"), key=lambda path: path.stat().st_mtime_ns)
        assert kept.read_text() == damage
        assert kept.name in fresh.notice
        assert "copy" in fresh.notice
    assert ProgressFile().read()["01_three_of_four"].checks == 2


def test_with_its_copy_damaged_too_progress_starts_anew_and_says_so():
    file = ProgressFile()
    file.update(load("1", CLONE), checks=2)
    file.path.write_text("{")
    file.copy.write_text("{")
    assert file.read() == {}
    assert "starts anew" in file.notice


def test_what_a_newer_harness_wrote_is_kept():
    file = ProgressFile()
    file.path.parent.mkdir(parents=True, exist_ok=True)
    newer = {
        "format": 2,
        "badges": ["x"],
        "exercises": {"01_three_of_four": {"checks": 4, "mood": "good"}, "99_new": {}},
    }
    file.path.write_text(json.dumps(newer))
    file.update(load("1", CLONE), passed=1.0)
    content = json.loads(file.path.read_text())
    assert (content["format"], content["badges"]) == (2, ["x"])
    assert content["exercises"]["99_new"] == {}
    assert content["exercises"]["01_three_of_four"]["mood"] == "good"
    assert ProgressFile().read()["01_three_of_four"].checks == 4


def test_progress_written_at_the_same_time_is_all_kept():
    exercises = [load(number, CLONE) for number in ("1", "18", "35", "43")]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda index: ProgressFile().update(exercises[index % 4], checks=index), range(40)))
    assert {name: entry.checks % 4 for name, entry in ProgressFile().read().items()} == {
        exercise.name: index for index, exercise in enumerate(exercises)
    }


def test_a_check_that_passed_stays_passed():
    exercise = load("1", CLONE)
    workspace.note_check(exercise, passed=True)
    at = ProgressFile().read()[exercise.name].passed
    workspace.note_check(exercise, passed=False)
    workspace.note_check(exercise, passed=True)
    entry = ProgressFile().read()[exercise.name]
    assert (entry.passed, entry.checks, entry.state) == (at, 3, "passed")


def test_each_state_can_be_reached():
    reached = [
        Progress(),
        Progress(prediction=""),
        Progress(checks=1, given_up=1.0),
        Progress(given_up=1.0, passed=2.0),
    ]
    assert tuple(one.state for one in reached) == STATES
