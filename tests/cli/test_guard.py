"""`harness run` ends with a verdict in bounded time whatever the client's own code does to its process."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from harness import cluster as clusters
from harness.store import Run, find

BEGIN = "import ctypes, os, threading, time\ndef main(view):\n    view.apply_async(abs, -1).get()\n"
SWALLOW = """    while True:
        try:
            time.sleep(0.1)
        except BaseException:
            pass
"""


def command(file: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "harness", "run", str(file), *options]


def run(workspace: Path, body: str, *options: str) -> subprocess.CompletedProcess[str]:
    file = workspace / "program.py"
    file.write_text(BEGIN + body)
    call = command(file, "--deadline", "1", *options)
    return subprocess.run(call, cwd=workspace, capture_output=True, text=True, timeout=90, check=False)


@pytest.mark.parametrize(
    ("body", "line"),
    [(SWALLOW, 6), ("    return sum(range(10**13))\n", 4)],
    ids=["swallows every stop", "holds the interpreter"],
)
def test_a_client_that_cannot_be_stopped_is_a_hang_with_its_line(workspace, body, line):
    done = run(workspace, body, "--json")
    assert (done.returncode, done.stderr) == (1, "")
    outcome = json.loads(done.stdout)
    assert outcome["outcome"] == "hang"
    [hang] = outcome["hangs"]
    assert (hang["engine"], hang["function"]) == (None, "main")
    assert hang["line"] in (line, line + 1)
    assert not Run(Path(outcome["run"])).cut_off


@pytest.mark.parametrize(
    ("body", "how"),
    [("    ctypes.string_at(0)\n", "SIGSEGV, in main line 4"), ("    os._exit(0)\n", "exit code 0")],
    ids=["segfault", "exit"],
)
def test_a_client_that_ends_its_own_process_is_a_crash(workspace, body, how):
    done = run(workspace, body)
    assert done.returncode == 1
    words = " ".join(done.stdout.split())
    assert words.startswith(f"CRASH the client's process ended before main returned: {how}")


def test_a_file_that_ends_the_process_when_it_is_loaded_is_a_crash_without_a_run(workspace):
    done = run(workspace, "os._exit(5)\n", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)
    assert (found["outcome"], found["run"]) == ("crash", None)
    assert "exit code 5" in found["reason"]


def test_a_thread_that_the_client_leaves_running_does_not_keep_the_command(workspace):
    done = run(workspace, "    threading.Thread(target=time.sleep, args=(1000,)).start()\n    return 'returned'\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "'returned'" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_signal_to_the_command_ends_all_of_it(workspace: Path, eventually: Callable[..., None], number: int) -> None:
    file = workspace / "program.py"
    file.write_text(BEGIN + "    time.sleep(1000)\n")
    process = subprocess.Popen(command(file), cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    eventually(lambda: list(workspace.glob("runs/2*/events/engine-*.jsonl")), 30)
    eventually(lambda: find(workspace / "runs").of_kind("reply"), 30)
    below = psutil.Process(process.pid).children(recursive=True)
    assert len(below) > 4
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    if number == signal.SIGINT:
        assert (process.returncode, said.strip()) == (130, "harness: interrupted")
    limit = time.monotonic() + 20
    _, alive = psutil.wait_procs(below, timeout=max(0.0, limit - time.monotonic()))
    assert [each for each in alive if each.is_running() and each.status() != psutil.STATUS_ZOMBIE] == []
    assert find(workspace / "runs").readable


def test_a_warm_cluster_is_free_for_the_next_run_after_its_client_was_lost(workspace):
    with clusters.start_warm(2):
        body = "    view.apply_async(time.sleep, 1000)\n    time.sleep(0.3)\n    os._exit(0)\n"
        assert json.loads(run(workspace, body, "--json").stdout)["outcome"] == "crash"
        after = json.loads(run(workspace, "    return view.client[:].apply_sync(abs, -2)\n", "--json").stdout)
        assert (after["outcome"], after["result"]) == ("ok", "[2, 2]")
        clusters.stop_warm()


def test_a_client_lost_on_a_cluster_of_its_own_leaves_the_warm_one_as_it_is(workspace):
    with clusters.start_warm(2) as warm:
        before = {engine.pid for engine in warm.engines.values()}
        with warm.client() as client:
            work = client[0].apply_async(time.sleep, 1000)  # for longer than the parent would wait for an answer
            assert not work.ready()
            done = run(workspace, "    os._exit(0)\n", "--engines", "1", "--json")
        assert json.loads(done.stdout)["outcome"] == "crash"
        assert {engine.pid for engine in warm.engines.values()} == before
        clusters.stop_warm()
