"""A run as a Chrome trace, from its events one after the other: every task a bar, whatever became of it."""

import json
import tracemalloc
from itertools import pairwise

import pytest

from harness.store import Run, create
from harness.store.spans import laid_out
from harness.store.trace import bars
from tests.golden import NAMES, golden
from tests.store.traces import check_trace
from tests.views.made_runs import Made, made_run, many

STATUSES = {"ok": "ok", "error": "failed"}


def drawn(run):
    return bars(run, run.stream())


def tasks_of(events) -> dict:
    """The bars of tasks, by number: (engine, status, begin, end), times in milliseconds."""
    events = list(events)
    names = {one["tid"]: one["args"]["name"] for one in events if one["name"] == "thread_name"}
    bars = [one for one in events if one["ph"] == "X" and "args" in one]
    return {
        one["args"]["task"]: (
            names[one["tid"]],
            STATUSES.get(one["args"]["status"], one["args"]["status"]),
            pytest.approx(one["ts"] / 1e3, abs=0.001),
            pytest.approx((one["ts"] + one["dur"]) / 1e3, abs=0.001),
        )
        for one in bars
    }


@pytest.mark.parametrize("name", [name for name in NAMES if name != "cut_off"])
def test_a_trace_has_the_tasks_that_the_one_recorded_with_a_golden_run_has(name):
    run = golden(name)
    recorded = tasks_of(json.loads((run.folder / "timeline.json").read_text())["traceEvents"])
    now = tasks_of(drawn(run))
    assert recorded.keys() <= now.keys()
    assert recorded == {task: now[task] for task in recorded}
    # those had no bars for what never ended
    assert {now[task][1] for task in now.keys() - recorded.keys()} <= {"died", "open"}


@pytest.mark.parametrize("name", NAMES)
def test_bars_of_an_engine_lie_beside_each_other_and_phases_inside_them(name):
    events = list(drawn(golden(name)))
    check_trace({"traceEvents": events, "displayTimeUnit": "ms"})
    for tid in {one["tid"] for one in events}:
        of_engine = [one for one in events if one["tid"] == tid and one["ph"] == "X" and one["cat"] != "phase"]
        assert all(before["ts"] + before["dur"] <= after["ts"] for before, after in pairwise(of_engine))


def test_a_task_whose_end_is_not_recorded_has_a_bar_until_its_engine_died_or_the_record_ends(tmp_path):
    tasks = [Made(0, 1, 1.0, None), Made(1, 2, 1.0, None), Made(2, 3, 2.0, 9.0, status="error")]
    death = {"kind": "death", "time": 3.0, "data": {"engine": 0, "signal_name": "SIGKILL"}}
    events = list(drawn(made_run(tmp_path / "run", tasks, [death])))
    assert tasks_of(events) == {
        1: ("engine 0", "died", 1000.0, 3000.0),
        2: ("engine 1", "open", 1000.0, 9000.0),
        3: ("engine 2", "failed", 2000.0, 9000.0),
    }
    (mark,) = [one for one in events if one["ph"] == "i"]
    assert mark["name"] == "engine died (SIGKILL)"
    failed = next(one for one in events if one.get("cat") == "failed")
    assert failed["args"]["failure"] == "ValueError in f line 3"
    assert failed["args"]["queued_s"] == pytest.approx(2.0)


def test_what_befell_an_engine_after_a_task_has_ended_does_not_change_its_bar(tmp_path):
    death = {"kind": "death", "time": 2.0, "data": {"engine": 0}}
    assert tasks_of(drawn(made_run(tmp_path / "a", [Made(0, 1, 1.0, 3.0)], [death])))[1][1:] == ("ok", 1000.0, 3000.0)
    tasks = [Made(0, 1, 1.0, 1.5), Made(0, 2, 2.5, None), Made(0, 3, 4.0, 5.0)]
    found = tasks_of(drawn(made_run(tmp_path / "b", tasks, [death])))
    assert [found[task][1:] for task in (1, 2, 3)] == [
        ("ok", 1000.0, 1500.0), ("open", 2500.0, 4000.0), ("ok", 4000.0, 5000.0),
    ]  # fmt: skip


def test_phases_are_named_and_those_too_short_to_see_left_out(tmp_path):
    phases = {"unpack": 0.000_001, "import": 1.0, "run": 3.0, "new": 0.5}
    events = drawn(made_run(tmp_path / "run", [Made(0, 1, 0.0, 3.5, phases=phases)]))
    lasting = {one["name"]: one["dur"] / 1e6 for one in events if one.get("cat") == "phase"}
    assert lasting == pytest.approx({"import": 1.0, "compute": 2.0, "new": 0.5}, rel=0.2)
    assert list(lasting) == ["import", "compute", "new"]


def test_phases_that_are_a_part_of_computing_are_taken_out_of_it_and_new_ones_appear():
    assert laid_out({"unpack": 1.0, "run": 4.0, "import": 1.5, "pack": 1.0}, 6.0) == {
        "unpack": 1.0, "import": 1.5, "run": 2.5, "pack": 1.0,
    }  # fmt: skip
    assert laid_out({"run": 4.0, "import": 2.0}, 6.0) == {"import": 2.0, "run": 4.0}
    assert laid_out({"run": 1.0, "packed": 1.0}, 2.0) == {"run": 1.0, "packed": 1.0}


def test_a_trace_of_many_tasks_is_made_in_little_memory(tmp_path):
    run = made_run(tmp_path / "run", many(20_000, 8))
    tracemalloc.start()
    try:
        found = sum(one["ph"] == "X" and one["cat"] != "phase" for one in drawn(Run(run.folder)))
        assert tracemalloc.get_traced_memory()[1] < 4_000_000  # 200 bytes a task; its events are over 4 kB
    finally:
        tracemalloc.stop()
    assert found == 20_000


def test_a_timeline_is_written_one_event_a_line(tmp_path):
    writer = create(tmp_path, "a", "mine", engines=2, backend="local")
    for events in ([], list(drawn(golden("exception")))):
        writer.timeline(iter(events))
        text = (writer.folder / "timeline.json").read_text()
        assert json.loads(text) == {"displayTimeUnit": "ms", "traceEvents": events}
        assert len(text.splitlines()) == len(events) + 2
