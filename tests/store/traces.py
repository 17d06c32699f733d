"""What holds of every Chrome trace: what its viewers ask for."""

import pytest


def check_trace(found: dict) -> None:
    """What viewers need of each event, by the Trace Event Format; bars of a thread nest or lie beside each other."""
    assert set(found) == {"traceEvents", "displayTimeUnit"}
    whole: dict[int, tuple[float, float]] = {}
    for event in found["traceEvents"]:
        assert {"ph", "name", "pid", "tid"} <= set(event)
        assert event["ph"] in "MXiC"
        assert event["ph"] == "M" or event["ts"] == pytest.approx(event["ts"], abs=1e12)
        if event["ph"] == "i":
            assert event["s"] in "gpt"
        if event["ph"] == "C":
            assert all(isinstance(value, int | float) for value in event["args"].values())
        if event["ph"] == "X":
            assert event["dur"] >= 0
            first, last = event["ts"], event["ts"] + event["dur"]
            if event["cat"] == "phase":
                begin, end = whole[event["tid"]]
                assert begin <= first
                assert last <= end + 1e-6 * max(1.0, end)
            else:
                whole[event["tid"]] = first, last
