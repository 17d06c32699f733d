"""`harness bench peers`: tools are compared in pairs of turns, what is not installed is said, and nothing stays."""

from pathlib import Path

import psutil
import pytest

from harness.apps import bench_peers
from harness.apps.peers.setups import FORK, OURS, SERVER
from harness.inputs.making import make_tables


def measured(monkeypatch: pytest.MonkeyPatch, seconds: dict[str, tuple[list[float], list[float]]], ceiling: float):
    """The figures of tools that took these seconds, cold and warm, where two workers could not be faster than that."""
    monkeypatch.setattr(bench_peers, "_is_installed", lambda name: name in seconds)
    bench = bench_peers._Bench(Path(), None)
    for name, (cold, warm) in seconds.items():
        bench.seconds[name] = {"cold": cold, "warm": warm, "final": warm}
        if name != SERVER:
            bench.seconds[name]["final cold"] = cold
        bench.memory[name], bench.sent[name] = 10**9, None
    bench.seconds[OURS][bench_peers.CEILING] = seconds[OURS][1]
    bench.ceiling = [ceiling] * len(seconds[OURS][1])
    return bench_peers._figures(bench, [*seconds, "ray"], None)


def test_needed_is_to_be_near_the_ceiling_as_fast_as_the_fastest_and_ready_before_who_imports_tensorflow_twice(
    monkeypatch,
):
    taken = {OURS: ([9.0, 9.2], [5.0, 5.2, 5.1]), FORK: ([9.5, 9.6], [4.9, 5.3, 5.0]), SERVER: ([8.0], [5.5, 5.5, 5.5])}
    figures = measured(monkeypatch, taken, 4.9)
    assert figures["holds"] is True
    assert figures["fastest peer, warm"] == FORK
    behind = figures["seconds behind it, warm, pairs"]
    assert behind["median"] == pytest.approx(0.1)
    assert behind["95 % from"] < 0 < behind["to"]
    assert figures["tools"]["ray"] == "not installed: `make bench-setup`"
    assert figures["tools"][FORK]["sent, MB"] == "not measured"


@pytest.mark.parametrize(
    ("ours", "ceiling"),
    [
        (([9.0], [5.0, 5.0, 5.0]), 4.0),  # far from the ceiling
        (([9.0], [6.0, 6.1, 6.0]), 6.0),  # behind the fastest, each time
        (([9.9], [5.0, 5.0, 5.0]), 4.9),  # cold, behind the one that imports TensorFlow in each process
    ],
)
def test_what_does_not_hold_is_said(monkeypatch, ours, ceiling):
    figures = measured(monkeypatch, {OURS: ours, FORK: ([9.5], [5.0, 5.1, 5.0])}, ceiling)
    assert figures["holds"] is False
    assert list(figures["needed"].values()).count(False) == 1


@pytest.mark.heavy
def test_the_job_is_done_and_recorded_from_nothing_and_warm_and_no_process_stays(tmp_path):
    for _ in make_tables(tmp_path, rows=60, seed=3):
        pass
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    figures = bench_peers.run(tmp_path, 40, cold=1, warm=1, final=2, cold_final=1, beside=2, peers=(OURS,))
    tool = figures["tools"][OURS]
    assert 0 < tool["warm, seconds"]["least"] <= tool["cold, seconds"]["median"]
    assert tool["memory, MB"] > 300  # TensorFlow is in it
    assert tool["sent, MB"] > 0
    assert figures["ceiling, seconds"]["least"] > 0
    assert {process.pid for process in psutil.Process().children(recursive=True)} <= before
