"""An audit names what is missing from an exercise's files, or given away by them, in one line each."""

import shutil

import pytest

from harness.course import audit, load
from harness.places import CLONE


@pytest.fixture
def exercise(workspace):
    for part in ("exercises", "solutions"):
        shutil.copytree(CLONE / part / "01_three_of_four", workspace / part / "01_three_of_four")
    return load("1")


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_nothing_is_said_of_a_complete_exercise(exercise):
    assert audit.problems(exercise) == []


def test_a_missing_file_is_named(exercise):
    (exercise.solution / "review.py").unlink()
    assert audit.problems(exercise) == ["solutions/01_three_of_four/review.py is missing"]


@pytest.mark.parametrize(
    ("where", "file", "old", "new", "said"),
    [
        ("folder", "task.py", "text.lower()", "text.upper()", "task.py is not the shipped one"),
        ("folder", "task.py", "each company's", "each bad-record company's", "task.py names the cause"),
        ("folder", "README.md", "## Predict", "## Guess", "README.md has the parts"),
        ("folder", "README.md", "About 15 minutes", "TODO: how long", "README.md:3: TODO: how long"),
        ("folder", "exercise.toml", 'chapter = "A"', 'chapter = "Z"', "chapter 'Z' is none of A, B"),
        ("folder", "exercise.toml", "minutes = 15", "minutes = no", "exercise.toml"),
        ("solution", "diagnosis.toml", "bad-record", "bad-day", "'bad-day' is no class"),
        ("solution", "diagnosis.toml", "text.lower()", "text.capitalize()", "no line of original.py holds"),
        ("solution", "diagnosis.toml", '"exception"', '"hang"', "predicted outcome"),
        ("solution", "EXPLANATION.md", "as_string", "as_text", "does not speak of the decoy as_string"),
        ("solution", "EXPLANATION.md", "## Seen in the wild", "## Elsewhere", "Seen in the wild"),
        ("solution", "hints.toml", "task.py, `clean`", "In `clean`", "the last does not begin with the place"),
        ("solution", "hints.toml", 'family \\"data\\"', "family of such", "does not name the family"),
    ],
)
def test_what_is_wrong_is_said(exercise, where, file, old, new, said):
    change(getattr(exercise, where) / file, old, new)
    assert any(said in problem for problem in audit.problems(exercise)), audit.problems(exercise)
