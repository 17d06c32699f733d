"""What the learner predicted before the first run is kept, whatever is written later."""

import shutil

import pytest

from harness.course import diagnosis, load
from harness.course.workspace import ProgressFile
from harness.errors import BadInput
from harness.places import CLONE


@pytest.fixture
def exercise(workspace):
    for part in ("exercises", "solutions"):
        shutil.copytree(CLONE / part / "01_three_of_four", workspace / part / "01_three_of_four")
    return load("1")


def predict(exercise, outcome):
    file = exercise.folder / "diagnosis.toml"
    file.write_text(f'[prediction]\noutcome = "{outcome}"\n')


def test_the_first_prediction_is_kept(exercise):
    predict(exercise, "hang")
    diagnosis.note_prediction(exercise)
    predict(exercise, "exception")
    diagnosis.note_prediction(exercise)
    assert ProgressFile().read()[exercise.name].prediction == "hang"


def test_none_made_in_time_stays_none(exercise):
    diagnosis.note_prediction(exercise)
    predict(exercise, "exception")
    diagnosis.note_prediction(exercise)
    assert ProgressFile().read()[exercise.name].prediction == ""


def test_a_misspelt_field_is_named_with_its_file(exercise):
    (exercise.folder / "diagnosis.toml").write_text('[evidence]\nenginee = "1"\n')
    with pytest.raises(BadInput, match=r"diagnosis.toml: .*enginee"):
        diagnosis.read(exercise)
