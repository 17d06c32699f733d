"""`harness explore`: what it says of what it found, of nothing found, and of inputs that it draws."""

import contextlib
import json
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parent.parent / "programs"


@pytest.fixture(autouse=True)
def lent(monkeypatch, cluster):
    """The tests' cluster is used, and stays."""
    monkeypatch.setattr("harness.cluster.warm_or_started", lambda engines: contextlib.nullcontext(cluster))


def test_inputs_are_drawn_and_the_smallest_that_fails_is_told(harness):
    status, said, _ = harness("explore", str(PROGRAMS / "drawn.py"), "--inputs", "numbers", "--seconds", "60", "--json")
    assert status == 1
    found = json.loads(said)
    assert found["input"] == "[0, 1]"
    assert found["failing"]["outcome"] == "exception"


@pytest.mark.parametrize(("name", "why"), [("no_such", "has no no_such"), ("add", "is no Hypothesis strategy")])
def test_what_cannot_be_drawn_from_is_refused(harness, name, why):
    status, _, complaint = harness("explore", str(PROGRAMS / "drawn.py"), "--inputs", name)
    assert status == 2
    assert why in complaint


def test_a_wait_that_nobody_can_end_is_told_in_words(harness):
    status, said, _ = harness("explore", str(PROGRAMS / "endless_wait.py"))
    assert status == 1
    assert "DEADLOCK" in said
    assert "task 1 waits for event 1, and nobody is left who could end that" in said
