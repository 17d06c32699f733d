"""Signs that rest on events: clocks that disagree with the order of events, engines that fell silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.recorder import Setups, Target
from harness.store import Event
from harness.triage import execute
from harness.triage.observed import TOLERANCE, observed
from tests.programs import HERE

TEXTS = {"amzn": ["a"], "googl": ["b"], "msft": ["c"], "nflx": ["d"]}


@pytest.mark.parametrize("seconds", [-3.0, 3.0])
def test_a_clock_that_contradicts_the_order_of_events_is_a_sign_and_its_error_is_known(cluster, tmp_path, seconds):
    target = Target(HERE / "average.py", "average")
    setups = Setups({"1": {"clock": seconds}})
    run = execute(target, cluster, tmp_path, arguments=(TEXTS,), setups=setups)
    assert "clock-skew" in run.outcome.signs
    [(engine, skew)] = observed(run.stream()).skews.found.items()
    assert engine == 1
    assert 0 < skew / seconds <= 1


def test_engines_whose_clocks_agree_give_no_sign(cluster, tmp_path):
    run = execute(Target(HERE / "average.py", "average"), cluster, tmp_path, arguments=(TEXTS,))
    assert run.outcome.signs == []
    assert observed(run.stream()).skews.found == {}


def test_an_engine_that_was_stopped_is_a_silent_one(cluster, tmp_path):
    target = Target(HERE / "trouble.py", "trouble")
    run = execute(target, cluster, tmp_path, arguments=("stop_itself",), deadline=1.0)
    assert "silent-engine" in run.outcome.signs


def recorded(tasks, clocks, log_clocks):
    """Events by time, as engines with such clocks would write them: tasks are (engine, wait, length, way back)."""
    events = [
        Event(id="", kind="engine-ready", time=-99.0, engine=engine, data={"log_ahead": ahead})
        for engine, ahead in enumerate(log_clocks)
    ]
    for number, (engine, wait, length, way) in enumerate(tasks, 1):
        times = [number, number + wait, number + wait + length, number + wait + length + way]
        ahead = clocks[engine]
        kinds, whose = ("submitted", "received", "end", "reply"), (None, engine, engine, None)
        for kind, who, at in zip(kinds, whose, times, strict=True):
            events.append(
                Event(id="", kind=kind, task=number, engine=who, time=at + (ahead if who is not None else 0.0))
            )
    return sorted(events, key=lambda event: event.time)


def skews_of_all(events):
    """The same, from all events at once."""
    clients = {(event.kind, event.task): event.time for event in events if event.engine is None}
    ahead = {event.engine: event.data["log_ahead"] for event in events if event.kind == "engine-ready"}
    found = {}
    for event in events:
        logged = event.time + ahead.get(event.engine, 0.0)
        if event.kind == "received":
            skew = min(0.0, logged - clients["submitted", event.task])
        elif event.kind == "end":
            skew = max(0.0, logged - clients["reply", event.task])
        else:
            continue
        if abs(skew) > max(TOLERANCE, abs(found.get(event.engine, 0.0))):
            found[event.engine] = skew
    return found


SECONDS = st.floats(0.0, 3.0, allow_nan=False)
CLOCKS = st.lists(st.sampled_from([0.0, 0.0, -5.0, 4.0]), min_size=3, max_size=3)


@given(st.lists(st.tuples(st.integers(0, 2), SECONDS, SECONDS, SECONDS), max_size=8), CLOCKS)
def test_clocks_are_compared_as_from_all_events_at_once_and_nothing_is_kept_of_answered_tasks(tasks, clocks):
    for events in (recorded(tasks, clocks, [0.0] * 3), recorded(tasks, [0.0] * 3, clocks)):
        skews = observed(events).skews
        assert skews.found == skews_of_all(events)
        if clocks == [0.0] * 3:
            assert not any((skews._submitted, skews._replied, skews._early))
