"""Runs that are killed, stopped or interrupted at random moments neither hang nor leave processes or lose a reply."""

import pytest

from harness.apps import bench_chaos


@pytest.mark.heavy
def test_six_disturbed_runs_end_leave_nothing_and_lose_nothing():
    figures = bench_chaos.run(times=6, seed=20)
    assert sum(figures["disturbed"].values()) == 6
    assert figures["holds"], figures
