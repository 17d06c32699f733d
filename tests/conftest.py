"""What all rooms' tests share: a workspace of their own, a warm 2-engine cluster, and proof that it left nothing."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from harness import cluster as clusters


def running(pids: list[int]) -> list[int]:
    """Those of the processes that are alive; a zombie is not."""
    alive = []
    for pid in pids:
        try:
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                alive.append(pid)
        except psutil.NoSuchProcess:
            continue
    return alive


@pytest.fixture(autouse=True)
def _own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_WORKSPACE", str(tmp_path))


@pytest.fixture(scope="session")
def _shared_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[clusters.Cluster]:
    with clusters.start(2, cwd=tmp_path_factory.mktemp("engines")) as shared:
        yield shared
        pids = shared.alive_pids()
    assert running(pids) == [], "the shared cluster left processes behind"


@pytest.fixture
def cluster(_shared_cluster: clusters.Cluster) -> clusters.Cluster:
    """A running cluster with engines 0 and 1, shared by all tests; what the last test broke is replaced."""
    _shared_cluster.resize(2)
    return _shared_cluster
