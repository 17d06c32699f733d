"""What all rooms' tests share: a workspace of their own, a running 2-engine cluster, proof that nothing stays of it."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import ipyparallel
import psutil
import pytest
from hypothesis import settings

from harness import cluster as clusters
from harness.places import CLONE

settings.register_profile("sandbox", deadline=None)  # a slow machine is not a failure
settings.load_profile("sandbox")


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder that is `$HARNESS_WORKSPACE` during the test, for its child processes too."""
    monkeypatch.setenv("HARNESS_WORKSPACE", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def _shared_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[clusters.Cluster]:
    with clusters.start(2, cwd=tmp_path_factory.mktemp("engines")) as shared:
        yield shared
        pids = shared.alive_pids()
    assert _running(pids) == [], "the shared cluster left processes behind"


@pytest.fixture
def cluster(_shared_cluster: clusters.Cluster) -> clusters.Cluster:
    """A running cluster with engines 0 and 1, shared by all tests; engines that the last test lost are replaced."""
    _shared_cluster.resize(2)
    return _shared_cluster


@pytest.fixture
def importing(cluster: clusters.Cluster) -> Iterator[ipyparallel.Client]:
    """A client of the shared cluster, whose engines can import the tests' programs meanwhile."""
    with cluster.client() as client:
        client[:].execute(f"import sys; sys.path.append({str(CLONE)!r})", block=True)
        yield client
        client[:].execute(f"import sys; sys.path.remove({str(CLONE)!r})", block=True)


@pytest.fixture(scope="session")
def running() -> Callable[[Iterable[int]], list[int]]:
    """Which of the processes with these ids are alive; zombies are not."""
    return _running


@pytest.fixture(scope="session")
def eventually() -> Callable[..., None]:
    """Waits until a condition holds; fails the test if it does not within `deadline` seconds."""
    return _eventually


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """In continuous integration a skip is a failure: what a test needs is to be installed there."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"skipped in CI, where nothing may be missing: {reason}"
    return report


def _running(pids: Iterable[int]) -> list[int]:
    alive = []
    for pid in pids:
        try:
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                alive.append(pid)
        except psutil.NoSuchProcess:
            continue
    return alive


def _eventually(condition: Callable[[], object], deadline: float = 10.0) -> None:
    limit = time.monotonic() + deadline
    while not condition():
        assert time.monotonic() < limit, f"did not happen within {deadline:g} s"
        time.sleep(0.005)
