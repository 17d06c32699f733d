"""Records that a program's own sinks write several times are noticed; the harness's copy has each once."""

import pytest

from harness.recorder import Target
from harness.triage import execute
from tests.programs import HERE


def recorded(cluster, folder, how):
    return execute(Target(HERE / "doubling.py", "doubling"), cluster, folder, arguments=(how, str(folder / "own.log")))


def copies(run, text):
    return sum(file.read_text().count(f"| {text}") for files in run.log_files().values() for file in files)


@pytest.mark.parametrize("how", ["handler_per_task", "sink_per_task", "propagated"])
def test_a_sink_too_many_is_a_sign_and_each_record_is_copied_once(cluster, tmp_path, how):
    run = recorded(cluster, tmp_path, how)
    assert "duplicate-log-lines" in run.outcome.signs
    event = run.of_kind("duplicate-log-lines")[-1]
    assert event.task == 3 if how != "propagated" else event.task == 1
    assert event.data["where"].startswith("doubling:")
    assert copies(run, "once") == 3


@pytest.mark.parametrize("how", ["two_places", "by_level", "handed_on", "handed_back"])
def test_a_record_that_goes_to_several_places_once_each_is_no_sign(cluster, tmp_path, how):
    run = recorded(cluster, tmp_path, how)
    assert run.outcome.outcome == "ok", run.outcome.reason
    assert "duplicate-log-lines" not in run.outcome.signs
    assert copies(run, "once") == 3
