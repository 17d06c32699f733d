"""Several runs, several learners and other versions of the harness on one machine: each works or says what to do."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import cluster as clusters
from harness.cluster import Cluster
from harness.errors import CannotWork
from harness.recorder import Target
from harness.store import all_runs
from harness.triage import execute
from tests.programs import HERE

PROGRAM = """import time
def work(number):
    time.sleep(0.3)
    return number * 2
def main(view):
    return view.map_async(work, range(6)).get()
"""


@pytest.fixture
def warm(workspace: Path, running: Callable[..., list[int]]) -> Iterator[Cluster]:
    with clusters.start_warm(2) as started:
        pids = started.alive_pids()
        yield started
        clusters.stop_warm()
    assert running(pids) == []


def learner(workspace: Path) -> subprocess.Popen[str]:
    workspace.mkdir(exist_ok=True)
    (workspace / "program.py").write_text(PROGRAM)
    return subprocess.Popen(
        [sys.executable, "-m", "harness", "run", "program.py", "--json", "--engines", "2"],
        cwd=workspace,
        env={**os.environ, "HARNESS_WORKSPACE": str(workspace)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_all_fine(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        out, err = process.communicate(timeout=90)
        assert (process.returncode, err) == (0, "")
        told = json.loads(out)
        assert (told["outcome"], told["signs"], told["counters"]["tasks"]) == ("ok", [], 6)
        assert told["result"] == "[0, 2, 4, 6, 8, 10]"


def test_two_runs_at_once_on_one_warm_cluster_do_not_meet(warm: Cluster, workspace: Path) -> None:
    assert_all_fine([learner(workspace), learner(workspace)])
    assert len(all_runs(workspace / "runs")) == 2


def test_two_learners_with_a_workspace_each_do_not_meet(tmp_path: Path) -> None:
    assert_all_fine([learner(tmp_path / "one"), learner(tmp_path / "two")])


def test_two_threads_with_one_cluster_take_turns(cluster: Cluster, tmp_path: Path) -> None:
    texts = {"amzn": ["Hello"]}
    found = []

    def run(number: int) -> None:
        folder = tmp_path / str(number)
        found.append(execute(Target(HERE / "average.py", "average"), cluster, folder, arguments=(texts,)))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [run.outcome.outcome for run in found] == ["ok", "ok"]


def test_a_cluster_that_another_run_keeps_is_not_waited_for_for_ever(warm: Cluster) -> None:
    assert warm.claim()
    other = clusters.warm()
    assert other is not None
    with (
        other,
        pytest.raises(CannotWork, match="another run uses the engines of this cluster"),
        other.used_by_one_run(patience=0.1),
    ):
        pass


def test_a_cluster_of_another_version_is_refused_with_the_mend(warm: Cluster, workspace: Path) -> None:
    state = workspace / ".harness" / "cluster.json"
    state.write_text(json.dumps({**json.loads(state.read_text()), "version": "0.0.1"}))
    process = learner(workspace)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert err.count("\n") == 1
    assert "another harness (0.0.1;" in err
    assert "harness cluster stop" in err
    assert clusters.stop_warm()


def test_a_note_of_a_cluster_that_is_gone_keeps_no_run(workspace: Path) -> None:
    state = workspace / ".harness" / "cluster.json"
    state.parent.mkdir()
    with clusters.start(1) as gone:
        folder = gone.folder
    state.write_text(json.dumps({"format": 1, "backend": "forked", "folder": str(folder), "engines": 1, "started": 1}))
    assert_all_fine([learner(workspace)])
    assert not state.exists()
