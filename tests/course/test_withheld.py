"""What names the cause of an exercise is not on the screen before it is passed, and is there after."""

import shutil
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from harness import store
from harness.course import load
from harness.course.withheld import as_symptoms
from harness.course.workspace import ProgressFile
from harness.places import CLONE
from harness.store import Hang, Outcome, Over, Run
from harness.views import plain, verdict

NAME = "35_one_tweet"
WHY = "each of the 2 engines has rejected it"


@pytest.fixture
def run(workspace: Path) -> Run:
    """A run of an exercise of this workspace that hung for a proven reason."""
    for part in ("exercises", "solutions"):
        shutil.copytree(CLONE / part / NAME, workspace / part / NAME)
    writer = store.create(workspace / "runs", NAME, "mine", engines=2, backend="forked")
    writer.finish(
        Outcome(
            outcome="hang",
            reason=f"task 8 can never end: {WHY}",
            signs=["queued-forever", "unfetched-failure"],
            hangs=[Hang(task=8, why=WHY)],
            counters={"tasks": 3, "loads_repeated": 70, "overlap": 0.0},
            over=[Over(counter="overlap", value=0.0, least=0.5)],
        )
    )
    return Run(writer.folder)


def test_the_reason_and_a_sign_that_is_a_class_are_withheld_until_the_exercise_is_passed(run: Run, workspace: Path):
    before = plain(verdict(as_symptoms(run), workspace))
    assert "HANG" in before
    assert "task 8 can never end" in before
    assert "rejected" not in before
    assert "unfetched-failure" not in before
    assert "loads repeated" not in before
    ProgressFile().update(load(NAME), passed=time.time())
    after = " ".join(plain(verdict(as_symptoms(run), workspace)).split())
    assert "rejected" in after
    assert "loads repeated 70" in after


def test_a_run_of_the_users_own_is_shown_whole(run: Run, workspace: Path):
    manifest = replace(run.manifest, target="program")
    store.replace_file(run.folder / "manifest.json", store.as_json(manifest))
    own = Run(run.folder)
    assert as_symptoms(own) is own


def test_the_record_itself_keeps_everything(run: Run):
    as_symptoms(run)
    assert WHY in (run.folder / "outcome.json").read_text()
