"""A run is judged from its events one after the other, with what golden runs have as the result."""

import pytest

from harness.triage.failed import Failures
from tests.golden import NAMES, golden


@pytest.mark.parametrize("name", [name for name in NAMES if name != "cut_off"])
def test_failures_are_those_of_golden_runs(name):
    run = golden(name)
    failures = Failures(passed_deadline=False)
    for event in run.stream():
        failures.take(event)
    # the golden hang is of a format that did not say of an exception that the deadline had raised it
    assert [one for one in failures.final() if one.type != "DeadlinePassed"] == run.outcome.failures
