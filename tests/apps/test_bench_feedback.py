"""`harness bench feedback`: it measures what it says, and leaves nothing behind."""

import pytest

from harness.apps import bench_feedback


@pytest.mark.heavy
def test_the_three_ways_are_measured(workspace):
    found = bench_feedback.run(repeats=1)
    for way in ("watch", "pytest, warm", "pytest, cold"):
        assert 0 < found[f"seconds, {way}"]["least"] <= found[f"seconds, {way}"]["median"]
    assert found["times as fast as pytest, warm"] == pytest.approx(
        found["seconds, pytest, warm"]["median"] / found["seconds, watch"]["median"]
    )
