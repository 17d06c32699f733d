"""`harness demo` as it is called: what it refuses, what it says last, and its exit status."""

from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from harness.apps import demo_capture, tour
from harness.cli.demo import demo


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stand-ins for the two halves, which have tests of their own: notes what was called with what."""
    calls: list[str] = []
    monkeypatch.setattr(demo_capture, "show", lambda: calls.append("capture"))
    monkeypatch.setattr(tour, "run", lambda **options: calls.append(f"tour {options}") or SimpleNamespace(agree=True))
    return calls


def test_the_capture_comes_first_then_the_tour_then_the_next_command(called: list[str]):
    result = CliRunner().invoke(demo, [])
    assert called == ["capture", "tour {'engines': None, 'rows': None}"]
    assert result.exit_code == 0
    assert "harness list" in result.output.splitlines()[-1]


def test_the_tour_can_be_taken_alone_and_smaller(called: list[str]):
    CliRunner().invoke(demo, ["--no-capture", "--engines", "3", "--rows", "50"])
    assert called == ["tour {'engines': 3, 'rows': 50}"]


def test_results_that_disagree_are_a_failure(called: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tour, "run", lambda **options: SimpleNamespace(agree=False))
    assert CliRunner().invoke(demo, []).exit_code == 1
    assert called == ["capture"]


@pytest.mark.parametrize("options", [["--engines", "1"], ["--rows", "0"], ["--rows", "many"]])
def test_a_wrong_call_is_refused_before_anything_runs(called: list[str], options: list[str]):
    assert CliRunner().invoke(demo, options).exit_code == 2
    assert called == []
