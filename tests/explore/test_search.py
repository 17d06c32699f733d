"""The search finds what fails under some order of steps only, shrinks it, repeats it, and accuses no correct twin."""

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir

import ipyparallel
import pytest

from harness.cluster import Cluster
from harness.errors import BadInput, CannotWork
from harness.explore import Session, opened, search
from harness.explore.execution import Execution
from harness.explore.inputs import search_inputs
from harness.explore.search import follow, replayed, until_failure
from harness.explore.view import SearchView
from harness.recorder import Target

PROGRAMS = Path(__file__).parent.parent / "programs"
KERNELS = sorted((PROGRAMS / "kernels").glob("*.py"))


@pytest.fixture
def session(cluster: Cluster) -> Iterator:
    """Opens a function of a kernel for a search."""
    opened_ones = []

    def open_one(file: Path, function: str, **options) -> Session:
        client = cluster.client().__enter__()
        context = opened(Target(file, file.stem, function=function), client, **options)
        opened_ones.append((context, client))
        return context.__enter__()

    yield open_one
    for context, client in reversed(opened_ones):
        context.__exit__(None, None, None)
        client.close()


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda path: path.stem)
def test_the_broken_one_is_found_shrunk_and_repeated(session, kernel: Path):
    one = session(kernel, "broken")
    report = search(one, seconds=60)
    assert report.failing is not None, report.covered
    assert report.failing.preemptions <= 2
    again = [replayed(one, report.failing) for _ in range(5)]
    assert {schedule.outcome for schedule in again} == {report.failing.outcome}
    assert [schedule.choices for schedule in again] == [report.failing.choices] * 5


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda path: path.stem)
def test_the_correct_twin_is_not_accused(session, kernel: Path):
    report = search(session(kernel, "correct"), schedules=150, seconds=60)
    assert report.failing is None, report.failing.reason
    assert report.bound >= 0


@pytest.mark.heavy
@pytest.mark.parametrize("function", ["main", "dead"])
def test_what_a_search_cannot_see_is_said_in_time(cluster: Cluster, function: str):
    target = Target(PROGRAMS / "stalling.py", "stalling", function=function)
    with (
        cluster.client() as client,
        pytest.raises(CannotWork, match="task 1 came to no further step"),
        opened(target, client) as session,
    ):
        search(session)
    for engine in list(cluster.engines):
        cluster.replace(engine)


def test_a_view_of_a_search_says_what_it_has(session):
    one = session(KERNELS[0], "broken")
    execution = Execution(one._workers, follow([]))
    with pytest.raises(BadInput, match=r"a search has no view\.scatter"):
        _ = SearchView(execution).scatter


def test_lines_are_steps_where_nothing_shared_is_seen(session):
    report = search(session(PROGRAMS / "unseen.py", "main", lines=True), seconds=60)
    assert report.failing is not None
    assert report.failing.preemptions <= 2


def test_the_input_is_shrunk_as_well_as_the_order(session):
    drawn = session(PROGRAMS / "drawn.py", "main")
    found = search_inputs(drawn, drawn.named("numbers"), seconds=60)
    assert found.value == [0, 1]
    assert found.report.failing.preemptions <= 1


def test_after_a_search_cores_and_temporary_folders_are_as_before(cluster: Cluster, monkeypatch):
    @ipyparallel.interactive
    def these():
        import os
        import tempfile

        return os.sched_getaffinity(0), tempfile.tempdir

    with cluster.client() as client:
        monkeypatch.delenv("TMPDIR", raising=False)
        before = [these(), *client[:].apply_sync(these)]
        with opened(Target(KERNELS[0], KERNELS[0].stem, function="correct"), client) as one:
            cores, folder = these()
            assert (len(cores), folder) == (1, "/dev/shm")
            assert search(one, schedules=3, seconds=60).failing is None
        monkeypatch.setenv("TMPDIR", gettempdir())
        with opened(Target(KERNELS[0], KERNELS[0].stem, function="correct"), client):
            assert these()[1] == before[0][1]
        assert [these(), *client[:].apply_sync(these)] == before


def test_what_is_shared_unseen_counts_as_shared(session):
    assert until_failure(session(PROGRAMS / "unseen_database.py", "main"), "bounded", random.Random(0), 60) is not None
