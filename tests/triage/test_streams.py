"""A run is judged and drawn from its events one after the other, with what golden runs have as the result."""

import json

import pytest

from harness.store import create
from harness.triage.failed import Failures
from harness.triage.timeline import chrome_trace
from tests.golden import NAMES, golden


@pytest.mark.parametrize("name", [name for name in NAMES if name != "cut_off"])
def test_failures_and_timelines_are_those_of_golden_runs(name):
    run = golden(name)
    failures = Failures(passed_deadline=False)
    for event in run.stream():
        failures.take(event)
    # the golden hang is of a format that did not say of an exception that the deadline had raised it
    assert [one for one in failures.final() if one.type != "DeadlinePassed"] == run.outcome.failures
    trace = json.loads((run.folder / "timeline.json").read_text())
    assert list(chrome_trace(run)) == trace["traceEvents"]


def test_the_timeline_is_written_one_event_a_line(tmp_path):
    writer = create(tmp_path, "a", "mine", engines=2, backend="local")
    for trace in ([], list(chrome_trace(golden("exception")))):
        writer.timeline(iter(trace))
        text = (writer.folder / "timeline.json").read_text()
        assert json.loads(text) == {"displayTimeUnit": "ms", "traceEvents": trace}
        assert len(text.splitlines()) == len(trace) + 2
