"""A failed task of the suite, replayed, ends with the recorded type and line; `harness bench replay` does all."""

import pytest

from harness.apps import bench_replay


@pytest.mark.parametrize("case", ["tampering.builtins_replaced_then_fails"])
def test_a_replay_ends_as_the_suites_task_did(case: str):
    figures = bench_replay.run(case=case)
    assert figures["in another way"] == {}
    assert figures["with the recorded type and line"] == figures["failed tasks replayed"] == 1
