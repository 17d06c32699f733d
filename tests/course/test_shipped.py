"""A reset brings the shipped files back byte for byte, and keeps what was there."""

import shutil

import pytest

from harness.course import load, shipped
from harness.places import CLONE


@pytest.fixture
def exercise(workspace):
    for part in ("exercises", "solutions"):
        shutil.copytree(CLONE / part / "01_three_of_four", workspace / part / "01_three_of_four")
    return load("1")


def test_what_was_changed_is_as_shipped_again_and_kept(exercise):
    (exercise.folder / "task.py").write_bytes(b"mine\r\n\xff")
    (exercise.folder / "diagnosis.toml").write_text("[prediction]\n")
    names, folder = shipped.reset(exercise)
    assert names == ["task.py", "diagnosis.toml"]
    for name in names:
        assert (exercise.folder / name).read_bytes() == (CLONE / "exercises" / exercise.name / name).read_bytes()
    assert (folder / "task.py").read_bytes() == b"mine\r\n\xff"
    assert shipped.reset(exercise) == ([], None)


def test_each_reset_keeps_its_own_version_and_a_missing_file_comes_back(exercise):
    task = exercise.folder / "task.py"
    folders = set()
    for version in ("first", "second", "third"):
        task.write_text(version)
        _, folder = shipped.reset(exercise)
        assert (folder / "task.py").read_text() == version
        folders.add(folder)
    assert len(folders) == 3
    task.unlink()
    assert shipped.reset(exercise) == (["task.py"], None)
    assert shipped.changed(exercise) == []
