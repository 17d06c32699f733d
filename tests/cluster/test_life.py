"""A cluster starts as asked, works as bare ipyparallel does, and leaves nothing behind however it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from ipyparallel import interactive

from harness import cluster as clusters
from harness.cluster import Cluster
from harness.cluster.forked import ForkedCluster
from harness.cluster.wish import Wish
from harness.errors import BadInput, CannotWork

Running = Callable[..., list[int]]

OWNER = """
import json, os, signal, sys
from ipyparallel import interactive
from harness import cluster

@interactive
def leave_a_daemon():
    import subprocess
    return subprocess.Popen(["sleep", "600"], start_new_session=True, stdout=subprocess.DEVNULL).pid

running = cluster.start(2)
with running.client() as client:
    daemon = client[0].apply_sync(leave_a_daemon)
# a child of the owner holds on to whatever the owner had open
child = os.fork()
if child == 0:
    signal.pause()
told = {"pids": running.alive_pids(), "daemon": daemon, "folder": str(running.folder), "child": child}
print(json.dumps(told), flush=True)
if sys.argv[1] == "SIGKILL":
    os.kill(os.getpid(), signal.SIGKILL)
raise SystemExit("without a stop")
"""


@interactive
def talk(text: str) -> int:
    import os

    print(text)
    return os.getpid()


@interactive
def surroundings() -> dict[str, Any]:
    import multiprocessing
    import os
    import random
    import signal
    import sys

    numpy = sys.modules.get("numpy")
    return {
        "environment": dict(os.environ),
        "cwd": os.getcwd(),
        "path": sys.path,
        "random": random.random(),
        "numpy": None if numpy is None else numpy.random.random(),
        "authkey": bytes(multiprocessing.current_process().authkey).hex(),
        "process": multiprocessing.current_process().name,
        "child": signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL,
        "leader": os.getsid(0) == os.getpid(),
    }


def test_views_give_results_and_prints_arrive_at_the_client(cluster: Cluster) -> None:
    pids = {engine: process.pid for engine, process in cluster.engines.items()}
    with cluster.client() as client:
        direct = client[:].apply_async(talk, "direct")
        assert dict(enumerate(direct.get(timeout=20))) == pids
        balanced = client.load_balanced_view().map_async(talk, [f"task {i}" for i in range(20)])
        assert set(balanced.get(timeout=20)) <= set(pids.values())
        assert direct.wait_for_output(10)
        assert balanced.wait_for_output(10)
        assert direct.stdout == ["direct\n"] * 2
        assert "".join(balanced.stdout).splitlines() == [f"task {i}" for i in range(20)]


@pytest.mark.parametrize("how", ["SIGKILL", "exit"])
def test_an_owner_that_ends_without_stopping_leaves_nothing(
    how: str, tmp_path: Path, running: Running, eventually: Callable[..., None]
) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, how], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=tmp_path
    )
    assert owner.stdout is not None
    told = json.loads(owner.stdout.readline())
    pids = {*told["pids"], told["daemon"]}
    assert len(pids) > 4
    try:
        owner.wait(30)
        eventually(lambda: not running(pids), 15)
        eventually(lambda: not Path(told["folder"]).exists())
        assert running([told["child"]]) == [told["child"]]
    finally:
        os.kill(told["child"], signal.SIGKILL)


def test_stop_ends_the_tasks_daemons_too_and_may_be_repeated(running: Running) -> None:
    cluster = clusters.start(1)
    with cluster.client() as client:
        client[0].apply_sync(_daemon())
        pids = cluster.alive_pids()
    assert any("sleep" in psutil.Process(pid).name() for pid in pids)
    cluster.stop()
    assert running(pids) == []
    assert not cluster.folder.exists()
    cluster.stop()
    for use in (cluster.client, lambda: cluster.replace(0), lambda: cluster.resize(2)):
        with pytest.raises(CannotWork, match="was stopped"):
            use()


def _daemon() -> Callable[[], None]:
    @interactive
    def leave() -> None:
        import subprocess

        subprocess.Popen(["sleep", "600"], start_new_session=True, stdout=subprocess.DEVNULL)

    return leave


def test_engines_get_the_environment_folder_and_path_asked_for(tmp_path: Path, running: Running) -> None:
    here, extra = tmp_path / "here", tmp_path / "extra"
    for folder in (here, extra):
        folder.mkdir()
    # must not be taken for Python's by anything that starts before the engine works
    (here / "random.py").write_text("raise ImportError('the wrong random')")
    given = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": "relative", "ODD": "ü\udcff"}
    with clusters.start(
        2,
        environment=given,
        engine_environments={1: {"ONLY": "here", "PYTHONPATH": str(extra)}},
        cwd=here,
        preload=("numpy",),
    ) as cluster:
        with cluster.client() as client:
            first, second = client[:].apply_async(surroundings).get(timeout=20)
        pids = cluster.alive_pids()
        threads = psutil.Process(cluster.zygote[0]).num_threads()
        log = (cluster.folder / "zygote.log").read_text()
    assert given.items() <= first["environment"].items()
    assert "HARNESS_WORKSPACE" not in first["environment"]
    assert second["environment"]["ONLY"] == "here"
    assert first["cwd"] == second["cwd"] == str(here)
    assert str(here) in first["path"]
    assert str(here / "relative") in first["path"]
    assert str(extra) in second["path"]
    assert str(here / "relative") not in second["path"]
    for different in ("random", "numpy", "authkey"):
        assert first[different] != second[different]
    assert (first["process"], first["child"], first["leader"]) == ("MainProcess", True, True)
    # a process that has threads must not be forked; Python 3.12 and later say so in the log
    assert threads == 1
    assert log == ""
    assert running(pids) == []


@pytest.mark.parametrize("part", ["zygote", "controller"])
def test_a_process_that_is_stopped_while_a_cluster_starts_is_named(
    part: str, monkeypatch: pytest.MonkeyPatch, running: Running, eventually: Callable[..., None]
) -> None:
    seen: list[int] = []

    def begin(cluster: ForkedCluster, wish: Wish, limit: float) -> None:
        threading.Thread(target=stop_it, args=[cluster]).start()
        as_it_is(cluster, wish, limit)

    def stop_it(cluster: ForkedCluster) -> None:
        zygote = psutil.Process(cluster.zygote[0])
        if part == "controller":
            eventually(zygote.children)
        victim = zygote if part == "zygote" else zygote.children()[0]
        seen.append(victim.pid)
        victim.suspend()

    as_it_is = ForkedCluster.begin
    monkeypatch.setattr(ForkedCluster, "begin", begin)
    with pytest.raises(CannotWork, match=f"the cluster's {part} was stopped"):
        clusters.start(1)
    assert running(seen) == []


TAKEN = """
from pathlib import Path
from ipyparallel import util

tried, at_random = Path({tried!r}), util.select_random_ports

def select_random_ports(n):
    if n != 1 or tried.exists():
        return at_random(n)
    tried.touch()
    return [{port}]

util.select_random_ports = select_random_ports
"""


def test_a_port_that_was_free_and_is_taken_is_no_hindrance(tmp_path: Path, running: Running) -> None:
    tried = tmp_path / "tried"
    with socket.create_server(("127.0.0.1", 0)) as other:
        program = TAKEN.format(tried=str(tried), port=other.getsockname()[1])
        (tmp_path / "sitecustomize.py").write_text(program)
        given = {**os.environ, "PYTHONPATH": str(tmp_path)}
        with clusters.start(1, environment=given) as cluster:
            with cluster.client() as client:
                assert client[:].apply_async(os.getppid).get(timeout=20) == [cluster.zygote[0]]
            pids = cluster.alive_pids()
    assert tried.exists()
    assert running(pids) == []


def test_four_engines_on_few_cores_start_and_are_resized(running: Running) -> None:
    with clusters.start(4) as cluster:
        with cluster.client() as client:
            assert client.ids == [0, 1, 2, 3]
            cluster.resize(1)
            assert list(cluster.engines) == [0]
            cluster.resize(3)
            assert client[:].apply_async(talk, "").get(timeout=20) == [each.pid for each in cluster.engines.values()]
        pids = cluster.alive_pids()
    assert running(pids) == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"engines": 0}, "at least 1 engine"),
        ({"engines": 1, "backend": "cray"}, "no backend 'cray'"),
        ({"engines": 1, "cwd": Path("/nowhere")}, "/nowhere does not exist"),
    ],
)
def test_a_wrong_argument_is_the_callers_mistake(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        clusters.start(**wrong)


@pytest.mark.parametrize(
    ("trouble", "message"),
    [({"preload": ("no_such_module",)}, "no_such_module"), ({"deadline": 0.2}, "in time")],
)
def test_a_start_that_fails_says_why_in_one_line_and_leaves_nothing(
    trouble: dict[str, Any], message: str, running: Running, eventually: Callable[..., None]
) -> None:
    before = _children()
    with pytest.raises(CannotWork, match=message) as caught:
        clusters.start(2, **trouble)
    assert "\n" not in str(caught.value)
    eventually(lambda: not running(_children() - before))


def test_a_module_that_starts_threads_is_not_preloaded(tmp_path: Path) -> None:
    (tmp_path / "busybody.py").write_text(
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True, name='busy').start()\n"
    )
    with pytest.raises(CannotWork, match=r"importing busybody starts threads \(busy\)"):
        clusters.start(1, preload=("busybody",), environment={**os.environ, "PYTHONPATH": str(tmp_path)})


def _children() -> set[int]:
    return {each.pid for each in psutil.Process().children(recursive=True)}


@pytest.mark.parametrize("victim", ["zygote", "controller", "scheduler"])
def test_when_its_machinery_is_killed_a_cluster_says_so_and_nothing_is_left(
    victim: str, running: Running, eventually: Callable[..., None]
) -> None:
    cluster = clusters.start(2)
    told: list[int] = []
    cluster.on_death(lambda death: told.append(death.engine))
    pids, engines = cluster.alive_pids(), {each.pid for each in cluster.engines.values()}
    zygote = psutil.Process(cluster.zygote[0])
    [controller] = [each for each in zygote.children() if each.pid not in engines]
    {"zygote": zygote, "controller": controller, "scheduler": controller.children()[0]}[victim].kill()
    eventually(lambda: not running(pids))
    eventually(lambda: sorted(told) == [0, 1])
    with pytest.raises(CannotWork, match="start a new cluster"):
        cluster.client()
    cluster.stop()
    assert not cluster.folder.exists()
    assert cluster.alive_pids() == []


def test_a_stopped_zygote_does_not_keep_stop_waiting_beyond_its_deadline(running: Running) -> None:
    cluster = clusters.start(1)
    pids = cluster.alive_pids()
    os.kill(cluster.zygote[0], signal.SIGSTOP)
    cluster.stop(deadline=0.3)
    assert running(pids) == []
    assert not cluster.folder.exists()
