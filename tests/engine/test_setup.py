"""An engine made different for a run is so for the run's tasks, with and without recording, and only for them."""

import sys
import time

import pytest

from harness.errors import CannotWork
from harness.recorder import Setups, Target
from harness.triage import bare, called, execute
from tests.programs import HERE

TARGET = Target(HERE / "different.py", "different")
linux = pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")


def seen(cluster, folder, engines):
    run_values = {}

    def call(main, view, *arguments):
        run_values.update(main(view, *arguments))

    run = execute(TARGET, cluster, folder / "runs", arguments=(str(folder),), call=call, setups=Setups(engines))
    assert run.outcome.outcome == "ok", run.outcome.reason
    return run, run_values


def test_what_is_wanted_of_one_engine_holds_there_for_one_run(cluster, tmp_path):
    wanted = {"environ": {"SANDBOX_TEST": "here"}, "cwd": "away/from home"}
    run, values = seen(cluster, tmp_path, {"1": wanted})
    assert (values[0]["variable"], values[1]["variable"]) == (None, "here")
    assert values[1]["cwd"] == str(run.folder / "scratch" / "away/from home")
    assert (run.folder / "scratch" / "away/from home" / "left-here").exists()
    assert run.outcome.signs == [], "the set-up is not taken for something that tasks left behind"
    _, after = seen(cluster, tmp_path, {})
    assert after[1]["variable"] is None
    assert after[1]["cwd"] == values[0]["cwd"]
    assert after[1]["pid"] == values[1]["pid"]


def test_a_clock_that_goes_wrong_shows_in_every_log_and_not_in_the_harness_events(cluster, tmp_path):
    run, values = seen(cluster, tmp_path, {"1": {"clock": -3000.0}})
    for clock in ("time", "logged", "record"):
        assert values[1][clock] - time.time() == pytest.approx(-3000, abs=120)
        assert values[0][clock] - time.time() == pytest.approx(0, abs=120)
    logged = [run.log_files()[engine][0].read_text().split("Z | ")[0] for engine in (0, 1)]
    assert logged[1] < logged[0]
    begun = {event.engine: event.time for event in run.of_kind("begin")}
    assert abs(begun[1] - begun[0]) < 120
    _, after = seen(cluster, tmp_path, {})
    assert after[1]["time"] - time.time() == pytest.approx(0, abs=120)
    assert after[1]["logged"] - time.time() == pytest.approx(0, abs=120)


@linux
def test_memory_beyond_the_limit_is_refused_to_one_engine(cluster, tmp_path):
    _, values = seen(cluster, tmp_path, {"0": {"memory": 300}})
    assert (values[0]["refused"], values[1]["refused"]) == (True, False)
    _, after = seen(cluster, tmp_path, {})
    assert not after[0]["refused"]


@linux
def test_an_engine_that_takes_more_than_it_is_given_is_killed_without_a_word(cluster, tmp_path):
    hoard = Target(HERE / "hoard.py", "hoard")
    run = execute(hoard, cluster, tmp_path / "runs", arguments=(1, 100), setups=Setups({"1": {"killed_at": 60}}))
    assert [(death.engine, death.signal_name) for death in run.outcome.deaths] == [(1, "SIGKILL")], run.outcome.reason
    unlimited = execute(hoard, cluster, tmp_path / "runs", arguments=(1, 100))
    assert unlimited.outcome.outcome == "ok", unlimited.outcome.reason


def test_all_engines_can_be_meant_and_one_can_differ_from_them(cluster, tmp_path):
    engines = {"all": {"environ": {"SANDBOX_TEST": "every"}}, "0": {"environ": {"SANDBOX_TEST": "own"}}}
    _, values = seen(cluster, tmp_path, engines)
    assert (values[0]["variable"], values[1]["variable"]) == ("own", "every")


def test_a_folder_that_cannot_be_had_is_said_and_leaves_the_engines_fit(cluster, tmp_path):
    (tmp_path / "file").touch()
    blocked = Setups({"1": {"cwd": str(tmp_path / "file" / "below")}})
    with pytest.raises(CannotWork, match=r"engine 1 can't be prepared .*NotADirectoryError"):
        execute(TARGET, cluster, tmp_path / "runs", arguments=(str(tmp_path),), setups=blocked)
    seen(cluster, tmp_path, {})


def test_without_recording_the_same_engine_differs(cluster, tmp_path):
    wanted = {"1": {"environ": {"SANDBOX_TEST": "here"}, "clock": -3000.0, "cwd": "away"}}
    try:
        ended = bare(
            TARGET, cluster, call=called, arguments=(str(tmp_path),), deadline=30, stuck=pytest.fail,
            setups=Setups(wanted),
        )  # fmt: skip
    finally:
        for engine in (0, 1):
            cluster.replace(engine)
    assert ended.raised is None
    values = ended.returned
    assert (values[0]["variable"], values[1]["variable"]) == (None, "here")
    assert values[1]["cwd"].endswith("/away")
    assert values[1]["logged"] - time.time() == pytest.approx(-3000, abs=120)
