"""`harness.record` on a cluster that somebody else started: it watches, and leaves everything as it is."""

import os
import re

import ipyparallel as ipp
import pytest

import harness
from harness.places import CLONE
from harness.store.samples import samples
from harness.views import plain, verdict
from tests.programs.endless import lock_order
from tests.programs.plain import chosen, fail, join, look_for, spin
from tests.programs.trouble import leave, sleep


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """A stock ipyparallel cluster of two engines that can import the test's functions."""
    profile = tmp_path_factory.mktemp("profile")
    running = ipp.Cluster(n=2, profile_dir=str(profile), log_level=40)
    with running as client:
        client[:].execute(f"import sys; sys.path.append({str(CLONE)!r})", block=True)
        yield client


def test_results_come_back_and_the_run_is_judged(stock):
    with harness.record(stock, name="joining") as recorded:
        assert recorded.view.map_sync(join, "ab", "cd") == ["a-c", "b-d"]
    assert recorded.run.outcome.outcome == "ok"
    assert recorded.run.outcome.counters["tasks"] == 2
    assert recorded.run.manifest.backend == "foreign"


def test_a_view_of_the_users_is_recorded_and_its_exception_passes_through(stock):
    view = stock[1]
    with pytest.raises(ipp.error.RemoteError, match="no amzn"), harness.record(view) as recorded:
        recorded.view.apply_sync(fail, "amzn")
    failure = recorded.run.outcome.failures[0]
    assert (failure.engine, failure.type, failure.label) == (1, "LookupError", "amzn")


def test_cores_and_memory_of_its_engines_are_sampled(stock):
    with harness.record(stock) as recorded:
        recorded.view.map_sync(spin, [0.3, 0.3])
    found = list(samples(recorded.run.folder))
    assert set(found[0].engines) == {0, 1}
    taken = sum(found[-1].engines[engine].cpu - found[0].engines[engine].cpu for engine in (0, 1))
    assert taken >= 0.5
    assert found[-1].engines[0].pid == stock[0].apply_sync(os.getpid)


def test_what_the_block_leaves_on_the_engines_stays(stock):
    with harness.record(stock):
        stock[:].push({"kept": 42}, block=True)
        stock[:].execute("import os; os.environ['CHOSEN'] = 'x'", block=True)
    assert stock[:].pull("kept", block=True) == [42, 42]
    assert stock[0].apply_sync(chosen)


def test_a_deadline_stops_tasks_and_the_block(stock):
    stops = (ipp.error.RemoteError, KeyboardInterrupt)
    with (
        pytest.raises(stops, match=r"deadline|more exceptions"),
        harness.record(stock, deadline=1.0) as recorded,
    ):
        recorded.view.map_sync(sleep, [1000, 1000])
    assert recorded.run.outcome.outcome == "hang"
    assert {hang.function for hang in recorded.run.outcome.hangs} == {"sleep"}
    assert stock[:].apply_sync(join, "still", "here") == ["still-here"] * 2


def test_without_a_deadline_what_never_ends_does_not_keep_an_exception_and_is_told(stock, tmp_path):
    file = tmp_path / "go on"
    try:
        with pytest.raises(TimeoutError), harness.record(stock) as recorded:
            stock[1].apply_async(look_for, str(file)).get(timeout=0.2)
        outcome = recorded.run.outcome
        assert outcome.outcome == "exception"
        assert outcome.reason == "main raised TimeoutError: Result not ready.; task 1 was still out"
        assert "silent-engine" not in outcome.signs
        [hang] = outcome.hangs
        assert (hang.engine, hang.task, hang.function) == (1, 1, "look_for")
        assert hang.values["file"] == repr(str(file))
        assert hang.how_ended == "not stopped: no deadline was set"
        shown = plain(verdict(recorded.run, tmp_path))
        assert re.search(r"still at +engine 1, task 1, at it for \d.* when it was no longer awaited", shown)
    finally:
        file.touch()
    with harness.record(stock) as again:
        assert stock[:].apply_sync(join, "still", "here") == ["still-here"] * 2
    assert again.run.outcome.outcome == "ok"


def test_an_endless_wait_is_proven_there_too_and_the_block_is_told_why(stock):
    view = stock.load_balanced_view()
    view.retries = 5
    with pytest.raises(KeyboardInterrupt, match="each of the 2 engines has had it"), harness.record(view) as recorded:
        recorded.view.apply_async(fail, "amzn").get()
    outcome = recorded.run.outcome
    assert (outcome.outcome, outcome.hangs[0].function) == ("hang", "fail")
    assert "queued-forever" in outcome.signs
    assert stock[:].apply_sync(join, "still", "here") == ["still-here"] * 2


def test_a_deadlock_is_proven_there_too(stock):
    with pytest.raises((ipp.error.RemoteError, KeyboardInterrupt)), harness.record(stock) as recorded:
        stock[0].apply_sync(lock_order, True)
    [hang] = recorded.run.outcome.hangs
    assert (hang.engine, len(hang.waits), hang.how_ended) == (0, 2, "interrupted")
    assert stock[:].apply_sync(join, "still", "here") == ["still-here"] * 2


def test_a_death_is_noticed_and_the_engine_is_not_replaced(stock):
    with pytest.raises(ipp.error.RemoteError, match="EngineError"), harness.record(stock) as recorded:
        stock[1].apply_sync(leave, 7)
    assert recorded.run.outcome.outcome == "crash"
    assert [death.engine for death in recorded.run.outcome.deaths] == [1]
    assert stock.ids == [0]
