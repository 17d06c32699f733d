"""What engines are at is shown while they are at it: task, values, an expression; a bare one as far as it goes."""

import time

import ipyparallel as ipp
import pytest

from harness.triage import live, record
from harness.views import plain
from harness.views.live import at_now


@ipp.interactive  # engines don't know this module
def wait_for(company, file):
    import time
    from pathlib import Path

    looks = 0
    while not Path(file).exists():
        looks += 1
        time.sleep(0.005)
    return looks


@pytest.fixture
def at_work(cluster, tmp_path, eventually):
    """A recorded run that goes on: engine 0 is at a task, engine 1 idle; (client, what ends it)."""
    file = tmp_path / "go on"
    with cluster.client() as client, record(client, runs=tmp_path / "runs", cluster=cluster):
        answer = client[0].apply_async(wait_for, "amzn", str(file))
        try:
            # what it is at has a label as soon as the engine has unpacked it
            eventually(lambda: (at := live.look(cluster, client, [0])[0].task) and at["label"] == "amzn")
            yield client
        finally:
            file.touch()
            answer.get(10)


def test_a_task_under_way_is_shown_with_its_values_and_goes_on(cluster, at_work, tmp_path):
    busy, idle = live.look(cluster, at_work)
    assert (busy.engine, busy.task["task"], busy.task["function"]) == (0, 1, "wait_for")
    assert (idle.engine, idle.task) == (1, None)
    shown = plain(at_now([busy, idle], tmp_path))
    assert "engine 0" in shown
    assert "at task 1 amzn for" in shown
    assert "in wait_for" in shown
    assert "company = 'amzn'" in shown
    assert "engine 1" in shown
    assert "at no recorded task" in shown
    assert shown.count("wait_for") >= 2
    assert "zygote" not in shown


def test_an_expression_is_evaluated_in_the_frame_of_the_task(cluster, at_work):
    assert live.value(at_work, 0, "company.upper()") == "'AMZN'"
    first = int(live.value(at_work, 0, "looks"))
    limit = time.monotonic() + 10
    while int(live.value(at_work, 0, "looks")) == first:
        assert time.monotonic() < limit
    assert live.value(at_work, 0, "1 / 0") == "*** ZeroDivisionError: division by zero"
    assert live.value(at_work, 7, "company") is None


def test_an_engine_that_records_nothing_shows_its_native_stack(cluster, tmp_path):
    with cluster.client() as client:
        found = live.look(cluster, client)
    assert [one.task for one in found] == [None, None]
    assert all("most recent call first" in one.native and "in start" in one.native for one in found)
    assert "faulthandler" in plain(at_now(found, tmp_path))
