"""The `recorded` fixture, as a practitioner's test file in a folder of its own uses it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

TESTS = """
import os
import signal
import time

import ipyparallel
import pytest


def length(text):
    return len(text)


def reciprocal(number):
    return 1 / number


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def test_results_are_those_of_the_view(recorded):
    assert recorded.map_sync(length, ["a", "bb"]) == [1, 2]


def test_a_task_that_fails_fails_the_test(recorded):
    recorded.map_sync(reciprocal, [4, 0])


def test_an_expected_failure_is_none(recorded):
    with pytest.raises(ipyparallel.error.RemoteError):
        recorded.apply_sync(reciprocal, 0)


def test_a_failure_that_nobody_looked_at_is_an_error(recorded):
    recorded.apply_async(reciprocal, 0)


@pytest.mark.recorded(outcome="crash")
def test_a_death_that_is_announced_is_none(recorded):
    with pytest.raises(ipyparallel.error.RemoteError):
        recorded.apply_sync(die)


@pytest.mark.recorded(deadline=1.0)
def test_what_does_not_end_is_stopped(recorded):
    recorded.apply_sync(time.sleep, 600)


@pytest.mark.recorded(deadline=1.0)
def test_a_client_that_does_not_end_is_stopped(recorded):
    recorded.apply_sync(length, "a")
    while True:
        time.sleep(0.01)


def test_and_the_next_test_runs(recorded):
    assert recorded.client[:].apply_sync(length, "abc") == [3, 3]
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with those tests, and nothing of the sandbox."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "test_mine.py").write_text(TESTS)
    return folder


@pytest.fixture(scope="module")
def report(project: Path) -> str:
    """What `pytest` prints there."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "test_mine.py"],
        cwd=project,
        env={**os.environ, "HARNESS_WORKSPACE": str(project)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    return ran.stdout


def ended(report: str, test: str) -> list[str]:
    return re.findall(rf"^(PASSED|FAILED|ERROR) test_mine\.py::{test}", report, re.MULTILINE)


def part_of(report: str, test: str) -> str:
    """What the report says about one test, in full."""
    return re.split(r"^_{3,} ", report.split(f" {test} ____", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize(
    ("test", "outcomes"),
    [
        ("test_results_are_those_of_the_view", ["PASSED"]),
        ("test_a_task_that_fails_fails_the_test", ["FAILED"]),
        ("test_an_expected_failure_is_none", ["PASSED"]),
        ("test_a_failure_that_nobody_looked_at_is_an_error", ["ERROR", "PASSED"]),
        ("test_a_death_that_is_announced_is_none", ["PASSED"]),
        ("test_what_does_not_end_is_stopped", ["FAILED"]),
        ("test_a_client_that_does_not_end_is_stopped", ["FAILED"]),
        ("test_and_the_next_test_runs", ["PASSED"]),
    ],
)
def test_each_test_ends_as_it_should(report: str, test: str, outcomes: list[str]):
    assert sorted(ended(report, test)) == outcomes


def test_a_failure_shows_the_verdict_the_log_and_the_values(report: str):
    part = part_of(report, "test_a_task_that_fails_fails_the_test")
    assert "EXCEPTION  one task failed: ZeroDivisionError: division by zero" in part
    assert "test_mine.py:15 in reciprocal" in part
    assert re.search(r"engine \d \| task 2 \| ERROR \| test_mine:reciprocal:15 \|", part)
    assert "number = 0" in part


def test_a_failure_that_nobody_looked_at_names_what_happened(report: str):
    part = part_of(report, "ERROR at teardown of test_a_failure_that_nobody_looked_at_is_an_error")
    assert "the test passed, but what it sent ended as exception" in part
    assert "ZeroDivisionError" in part


def test_a_test_that_is_stopped_says_so_and_where_it_was(report: str):
    assert re.search(r"^HANG ", part_of(report, "test_what_does_not_end_is_stopped"), re.MULTILINE)
    client = part_of(report, "test_a_client_that_does_not_end_is_stopped")
    assert "the deadline passed before the test and its tasks had ended" in client
    assert re.search(r"^HANG ", client, re.MULTILINE)


def test_every_test_has_a_run_of_its_own_and_no_process_stays(report: str, project: Path):
    runs = [path.name for path in (project / "runs").iterdir() if not path.is_symlink()]
    assert len(runs) == TESTS.count("def test_")
    assert [one.pid for one in psutil.process_iter(["environ"]) if _of(project, one)] == []


def _of(project: Path, process: psutil.Process) -> bool:
    return (process.info["environ"] or {}).get("HARNESS_WORKSPACE") == str(project)
