"""A warm cluster outlives who started it, is found by its workspace, and is mended and stopped from anywhere."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from harness import cluster as clusters
from harness.errors import BadInput

Running = Callable[..., list[int]]


def harness(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "harness", "cluster", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def pids(workspace: Path, running: Running) -> Iterator[list[int]]:
    """The processes of a warm cluster of two engines, started by another process; stopped after the test."""
    started = harness("start", "-n", "2")
    assert started.returncode == 0, started.stderr
    assert "2 engines up" in started.stdout
    found = clusters.status(workspace)
    assert found is not None
    assert len(found.pids) > 4
    yield found.pids
    clusters.stop_warm(workspace)
    assert running(found.pids) == []


def test_another_process_attaches_uses_mends_and_stops_it(pids: list[int], running: Running) -> None:
    scheduler = next(each for each in map(psutil.Process, pids) if each.parent().name() == "ipcontroller")
    again = harness("start")
    assert again.returncode == 2
    assert again.stderr.count("\n") == 1
    assert "running already" in again.stderr
    attached = clusters.warm()
    assert attached is not None
    with attached:
        before = attached.engines
        with attached.client() as client:
            assert client[:].apply_async(os.getpid).get(timeout=20) == [before[0].pid, before[1].pid]
    assert running(pids) == pids, "letting go must not stop it"

    os.kill(before[0].pid, signal.SIGKILL)
    os.kill(before[1].pid, signal.SIGSTOP)
    told = harness("status", "--json")
    assert told.returncode == 1
    status = json.loads(told.stdout)
    assert (status["running"], status["dead"], [each["id"] for each in status["engines"]]) == (True, [0], [1])
    repaired = harness("repair", "--answer", "0.5")
    assert repaired.returncode == 0
    assert repaired.stdout == "engine 0 was dead: replaced\nengine 1 was silent: replaced\n"
    assert harness("repair").stdout.startswith("nothing to repair")
    scheduler.suspend()
    repaired = harness("repair", "--answer", "0.5")
    assert repaired.stdout == f"the scheduler, process {scheduler.pid}, was stopped: it goes on\n"
    assert scheduler.status() != psutil.STATUS_STOPPED
    assert harness("status").returncode == 0
    with clusters.warm_or_started(2) as shared:
        assert shared.folder == attached.folder
        now = shared.alive_pids()

    assert harness("stop").stdout == "stopped\n"
    assert running([*pids, *now]) == []
    assert not attached.folder.exists()
    assert harness("stop").returncode == 0
    assert harness("status").returncode == 1
    assert json.loads(harness("status", "--json").stdout) == {"running": False}


def test_a_cluster_that_was_killed_is_noticed_and_forgotten(
    pids: list[int], workspace: Path, running: Running, eventually: Callable[..., None]
) -> None:
    attached = clusters.warm()
    assert attached is not None
    attached.close()
    os.kill(attached.zygote[0], signal.SIGKILL)
    eventually(lambda: not running(pids))
    assert clusters.warm() is None
    assert not (workspace / ".harness" / "cluster.json").exists()
    # its folder goes with the next start of any cluster
    with clusters.warm_or_started(1) as fresh:
        assert not attached.folder.exists()
        assert fresh.folder != attached.folder


def test_a_cluster_without_a_workspace_is_a_leftover(pids: list[int], workspace: Path) -> None:
    def left() -> set[int]:
        return {each.pid for each in clusters.leftovers()} & set(pids)

    state = workspace / ".harness" / "cluster.json"
    assert left() == set()
    kept = state.read_text()
    state.unlink()
    assert left() == set(pids)
    state.write_text(kept)
    assert left() == set()


@pytest.mark.parametrize("text", ["", "[]", '{"format": 99}', '{"format": 1, "backend": "forked", "folder": "/etc"}'])
def test_a_note_that_is_not_ours_is_no_cluster(workspace: Path, text: str) -> None:
    state = workspace / ".harness" / "cluster.json"
    state.parent.mkdir()
    state.write_text(text)
    assert clusters.warm() is None
    assert not state.exists()


def test_only_one_of_two_that_start_at_once_stays(workspace: Path, running: Running) -> None:
    command = [sys.executable, "-m", "harness", "cluster", "start", "-n", "1"]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
    assert sorted(each.wait(60) for each in both) == [0, 2]
    with pytest.raises(BadInput, match="running already"):
        clusters.start_warm(1)
    found = clusters.status(workspace)
    assert found is not None
    assert clusters.stop_warm(workspace)
    assert running(found.pids) == []


def test_an_idle_cluster_and_one_whose_workspace_went_stop_by_themselves(
    tmp_path: Path, running: Running, eventually: Callable[..., None]
) -> None:
    idle, gone = tmp_path / "idle", tmp_path / "gone"
    pids: list[int] = []
    for workspace, seconds in ((idle, 0.5), (gone, 3600.0)):
        with clusters.start_warm(1, workspace=workspace, idle=seconds) as started:
            pids += started.alive_pids()
    shutil.rmtree(gone)
    eventually(lambda: not running(pids), 30)
    assert clusters.status(idle) is None
    assert not (idle / ".harness" / "cluster.json").exists()
