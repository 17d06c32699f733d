"""What a workspace remembers survives damage, and is drawn once."""

from harness.course import load, workspace
from harness.course.workspace import ProgressFile
from harness.places import CLONE


def test_the_seed_is_drawn_once():
    assert workspace.seed() == workspace.seed()


def test_progress_is_kept_beside_other_exercises():
    first, other = load("1", CLONE), load("18", CLONE)
    ProgressFile().update(first, checks=2)
    ProgressFile().update(other, passed=1.0)
    known = ProgressFile().read()
    assert (known[first.name].checks, known[other.name].passed) == (2, 1.0)


def test_a_damaged_progress_file_is_kept_and_said():
    file = ProgressFile()
    file.update(load("1", CLONE), checks=2)
    file.path.write_text("{ not json")
    assert file.read() == {}
    [kept] = file.path.parent.glob("progress.damaged-*.json")
    assert kept.read_text() == "{ not json"
    assert kept.name in file.notice
