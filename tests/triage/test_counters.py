"""Laws of what is counted of a run, whatever its events are; and what limits make of it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.store import Event, Limit, over, said
from harness.store.limits import check_names
from harness.triage.counters import Tally

SHARES = ("overlap", "longest_share", "busy_share")
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def events_of(
    engine: int, task: int, begin: float, length: float, cpu: float, size: int, **more: object
) -> list[Event]:
    """A task that an engine receives, begins and ends."""
    seconds = {"unpack": 0.0, "wait": 0.0, "run": length, "pack": 0.0}
    common = {"task": task, "engine": engine}
    return [
        Event(id="s", kind="submitted", time=0.0, task=task),
        Event(id="r", kind="received", time=begin, data={"bytes": size}, **common),
        Event(id="b", kind="begin", time=begin, data={"function": "work", "label": ""}, **common),
        Event(
            id="e",
            kind="end",
            time=begin + length,
            data={"status": "ok", "seconds": seconds, "cpu": cpu, "bytes": 10, "switches": [0, 0]},
            **common,
        ),
    ]


def counted(engines: int, events: list[Event]) -> dict[str, float]:
    tally = Tally(engines)
    for event in sorted(events, key=lambda event: event.time):
        tally.take(event)
    return tally.counters()


@st.composite
def runs(draw: st.DrawFn) -> tuple[int, list[Event]]:
    """A number of engines, and the events of tasks that each does one after the other."""
    engines = draw(st.integers(1, 4))
    times = st.floats(0.001, 10, allow_nan=False)
    found: list[Event] = []
    for engine in range(engines):
        now = draw(times)
        for number in range(draw(st.integers(0, 5))):
            length = draw(times)
            found += events_of(engine, 10 * engine + number, now, length, draw(times), draw(st.integers(1, 10**9)))
            now += length + draw(times)
    return engines, found


@given(run=runs())
def test_shares_are_shares_and_nothing_is_counted_twice(run):
    engines, events = run
    found = counted(engines, events)
    ends = [event for event in events if event.kind == "end"]
    assert all(0 <= found[name] <= 1 for name in SHARES if name in found)
    assert found["tasks"] == len(ends)
    assert found["bytes_back"] == 10 * len(ends)
    assert found["bytes_out"] == sum(event.data["bytes"] for event in events if event.kind == "received")
    if "imbalance" in found:
        assert 1 - 1e-6 <= found["imbalance"] <= engines + 1e-6
    if len(ends) > 1:
        assert found["longest_share"] >= 1 / len(ends) - 1e-6


@given(run=runs())
def test_the_same_tasks_with_nothing_beside_them_never_overlap(run):
    engines, events = run
    tasks = [event for event in events if event.kind == "end"]
    now, in_turn = 0.0, []
    for event in tasks:
        length = event.data["seconds"]["run"]
        in_turn += events_of(event.engine, event.task, now, length, event.data["cpu"], 1)
        now += length + 1.0
    assert counted(engines, in_turn).get("overlap", 0.0) == 0.0


@given(engines=st.integers(2, 8), length=st.floats(0.01, 10), rounds=st.integers(2, 5))
def test_tasks_that_always_run_side_by_side_overlap_all_the_time(engines, length, rounds):
    events = [
        event
        for engine in range(engines)
        for number in range(rounds)
        for event in events_of(engine, 10 * engine + number, number * 2 * length, length, 1.0, 1)
    ]
    assert counted(engines, events)["overlap"] == 1.0


def test_the_long_last_task_is_no_lack_of_overlap():
    long, short = events_of(0, 1, 0.0, 100.0, 100.0, 1), events_of(1, 2, 0.0, 5.0, 5.0, 1)
    found = counted(2, [*long, *short, *events_of(1, 3, 6.0, 5.0, 5.0, 1)])
    assert found["overlap"] > 0.8
    assert found["longest_share"] > 0.9
    assert found["imbalance"] > 1.8


@given(
    exponent=st.floats(0.5, 3),
    sizes=st.lists(st.integers(4000, 10**6), min_size=2, max_size=20),
    disturbed=st.floats(1, 1.3),
)
def test_growth_is_the_exponent_of_the_cost(exponent, sizes, disturbed):
    sizes = [*sizes, 4000, 10**6]
    events = [
        event
        for number, size in enumerate(sizes)
        for event in events_of(0, number, 1.0 * number, 0.5, 0.01 * (size / 4000) ** exponent * disturbed, size)
    ]
    assert math.isclose(counted(1, events)["growth"], exponent, abs_tol=0.05)


def test_what_comes_with_any_call_does_not_count_as_growth():
    """Work in proportion to the rows, sent with 1,300 bytes more: a remainder of few rows says nothing."""
    rows = [8, 12, 45, 74, 90, 100, 100]
    events = [
        event
        for number, count in enumerate(rows)
        for event in events_of(0, number, number, 0.5, 0.00013 * count, 1300 + 88 * count)
    ]
    assert "growth" not in counted(1, events)


def test_tasks_of_one_size_or_of_no_length_have_no_growth():
    alike = [event for number in range(5) for event in events_of(0, number, number, 0.5, 0.4, 5000 + number)]
    tiny = [event for number in range(5) for event in events_of(0, number, number, 0.5, 1e-5, 4000 * 4**number)]
    assert "growth" not in counted(1, alike)
    assert "growth" not in counted(1, tiny)


@given(
    kind=st.sampled_from(["begin", "end", "engine-ready", "sent", "death", "received"]),
    data=JUNK,
    number=st.sampled_from([0, -1, 10**400, 1e308, -1e308, 0.5]),
    time=st.sampled_from([1.0, 2.7, -1e308, 1e308]),
)
def test_what_a_task_wrote_among_the_events_does_not_keep_a_run_from_being_counted(kind, data, number, time):
    names = ("imports", "loads", "switches", "threads", "cpu", "cores", "repeated", "met", "function", "engine")
    needed = {"bytes": number, "seconds": {"run": number}, "status": "ok"}
    forged = Event(id="x", kind=kind, time=time, task=1, engine=0, data={**dict.fromkeys(names, data), **needed})
    found = counted(2, [forged, *events_of(0, 2, 2.0, 1.0, 1.0, 1), *events_of(1, 3, 2.5, 1.0, 1.0, 1)])
    assert found["tasks"] == 2
    assert all(math.isfinite(value) for value in found.values())
    assert all(0 <= found[name] <= 1 for name in SHARES if name in found)


def test_only_a_counter_that_is_there_can_be_over_its_limit():
    limits = {"tasks": Limit(most=4), "overlap": Limit(least=0.5), "bytes_out": Limit(most=10, least=5)}
    assert over({"tasks": 4, "bytes_out": 10}, limits) == []
    found = over({"tasks": 5, "bytes_out": 4, "overlap": 0.25}, limits)
    assert [one.counter for one in found] == ["tasks", "overlap", "bytes_out"]
    assert "5, asked for is at most 4" in said(found[0])
    assert "25%, asked for is at least 50%" in said(found[1])


def test_a_limit_names_a_counter_and_a_bound():
    with pytest.raises(ValueError, match="no counter; there are: tasks"):
        check_names(["task"])
    with pytest.raises(ValueError, match="needs `most` or `least`"):
        Limit()
