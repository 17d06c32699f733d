"""Signs that rest on events: clocks that disagree with the order of events, engines that fell silent."""

import pytest

from harness.recorder import Setups, Target
from harness.triage import execute
from harness.triage.observed import clock_skews
from tests.programs import HERE

TEXTS = {"amzn": ["a"], "googl": ["b"], "msft": ["c"], "nflx": ["d"]}


@pytest.mark.parametrize("seconds", [-3.0, 3.0])
def test_a_clock_that_contradicts_the_order_of_events_is_a_sign_and_its_error_is_known(cluster, tmp_path, seconds):
    target = Target(HERE / "average.py", "average")
    setups = Setups({"1": {"clock": seconds}})
    run = execute(target, cluster, tmp_path, arguments=(TEXTS,), setups=setups)
    assert "clock-skew" in run.outcome.signs
    [(engine, skew)] = clock_skews(run).items()
    assert engine == 1
    assert 0 < skew / seconds <= 1


def test_engines_whose_clocks_agree_give_no_sign(cluster, tmp_path):
    run = execute(Target(HERE / "average.py", "average"), cluster, tmp_path, arguments=(TEXTS,))
    assert run.outcome.signs == []
    assert clock_skews(run) == {}


def test_an_engine_that_was_stopped_is_a_silent_one(cluster, tmp_path):
    target = Target(HERE / "trouble.py", "trouble")
    run = execute(target, cluster, tmp_path, arguments=("stop_itself",), deadline=1.0)
    assert "silent-engine" in run.outcome.signs
