"""ipyparallel's own launchers serve behind the same interface."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ipyparallel import interactive

from harness import cluster as clusters
from harness.cluster import Death
from harness.errors import BadInput


@interactive
def pid() -> int:
    import os

    print("words", flush=True)
    return os.getpid()


def test_a_stock_cluster_works_tells_deaths_replaces_and_leaves_nothing(
    running: Callable[..., list[int]], eventually: Callable[..., None]
) -> None:
    told: list[Death] = []
    with clusters.start(2, backend="local", engine_environments={1: {"ONLY": "here"}}) as cluster:
        assert cluster.backend == "local"
        cluster.on_death(told.append)
        before = cluster.engines
        with cluster.client() as client:
            assert client[:].apply_async(pid).get(timeout=20) == [before[0].pid, before[1].pid]
            assert client[1].apply_async(os.getenv, "ONLY").get(timeout=20) == "here"
            os.kill(before[1].pid, signal.SIGKILL)
            eventually(lambda: told)
            cluster.replace(1)
            cluster.replace(0)
            eventually(lambda: len(told) == 2)
            assert client.ids == [0, 1]
            answers = client[:].apply_async(pid).get(timeout=20)
            assert answers == [cluster.engines[0].pid, cluster.engines[1].pid]
            assert not set(answers) & {each.pid for each in before.values()}
        pids = cluster.alive_pids()
    [killed, replaced] = told
    assert (killed.engine, killed.pid, killed.exit_code, killed.signal) == (1, before[1].pid, None, signal.SIGKILL)
    assert (killed.requested, replaced.requested) == (False, True)
    assert len(pids) > 4
    assert running(pids) == []
    assert not cluster.folder.exists()
    cluster.stop()


def test_a_warm_stock_cluster_is_attached_to_and_stopped(running: Callable[..., list[int]]) -> None:
    with clusters.start_warm(1, backend="local") as started:
        engines, pids = started.engines, started.alive_pids()
    try:
        attached = clusters.warm()
        assert attached is not None
        with attached, attached.client() as client:
            assert {each: process.pid for each, process in attached.engines.items()} == {0: engines[0].pid}
            assert client[0].apply_async(pid).get(timeout=20) == engines[0].pid
        assert set(pids) <= set(running(pids))
    finally:
        stopped = clusters.stop_warm()
    assert stopped
    assert running(pids) == []
    assert clusters.warm() is None


def test_the_forked_backend_says_what_it_needs_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(BadInput, match="use the backend local"):
        clusters.start(1, backend="forked")


def test_a_stock_cluster_ends_with_its_owner_however_that_ends(
    workspace: Path, running: Callable[..., list[int]], eventually: Callable[..., None]
) -> None:
    start = "from harness import cluster; c = cluster.start(1, backend='local')"
    program = f"{start}; print(*c.alive_pids(), flush=True); input()"
    owner = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    try:
        pids = [int(word) for word in owner.stdout.readline().split()]
    finally:
        owner.kill()
    owner.communicate()
    assert len(pids) > 4
    eventually(lambda: running(pids) == [], deadline=30.0)
