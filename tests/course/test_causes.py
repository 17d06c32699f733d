"""The classes of causes: what a diagnosis may name is defined, and each says how to tell it from others that exist."""

import pytest

from harness.course.causes import causes
from harness.course.diagnosis import Diagnosis
from harness.course.exercise import Exercise, read_toml
from harness.places import CLONE

EXERCISES = [Exercise(path.parent) for path in sorted((CLONE / "exercises").glob("[0-9][0-9]_*/exercise.toml"))]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_the_cause_of_an_exercise_is_a_class_and_its_files_do_not_name_it(exercise):
    name = read_toml(exercise.solution / "diagnosis.toml", Diagnosis).cause.name
    assert name in causes()
    for file in exercise.folder.iterdir():
        if file.is_file():
            assert name not in file.read_text(encoding="utf-8"), file


@pytest.mark.parametrize("name", causes())
def test_a_class_is_told_from_one_to_three_others(name):
    cause = causes()[name]
    assert 1 <= len(cause.neighbours) <= 3
    assert name not in cause.neighbours
    assert set(cause.neighbours) <= set(causes())
    assert cause.means.endswith(".")
    assert cause.seen.endswith(".")


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_a_hint_names_the_family_of_the_cause_before_the_line(exercise):
    from harness.course.hints import graded

    name = read_toml(exercise.solution / "diagnosis.toml", Diagnosis).cause.name
    *_, family, line = graded(exercise)
    assert f'"{causes()[name].family}"' in family
    assert line.startswith("task.py")
