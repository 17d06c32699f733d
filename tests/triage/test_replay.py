"""A replay ends as the recorded task did, says what was different, and opens only what its owner signed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from harness.cluster.process import children
from harness.errors import BadInput
from harness.recorder import Target
from harness.store import Run, payloads
from harness.triage import execute, record
from harness.triage.replay import End, replay
from tests.programs import HERE


@pytest.fixture
def recorded(cluster, tmp_path: Path):
    """Runs one of the programs that go wrong; returns the run."""

    def run(how: str, deadline: float = 1.0, file: Path = HERE / "trouble.py") -> Run:
        return execute(Target(file, "trouble", how), cluster, tmp_path / "runs", arguments=(how,), deadline=deadline)

    return run


@pytest.fixture
def key() -> bytes:
    return payloads.signing_key()


@pytest.mark.parametrize(
    ("how", "task", "end"),
    [
        ("regex", 1, End("hung", "")),
        ("segfault", 3, End("died", "SIGSEGV")),
        ("leave_one", 1, End("died", "exit code 7")),
        ("exit_in_task", 1, End("raised", "SystemExit")),
        ("unprintable", 1, End("raised", "Unprintable")),
        ("nobody_asks", 2, End("raised", "ZeroDivisionError")),
        ("invert", 1, End("raised", "TypeError")),
    ],
)
def test_a_replay_ends_as_the_task_did(recorded, key, how: str, task: int, end: End):
    run = recorded(how)
    ended = [failure.task for failure in run.outcome.failures] + [one.task for one in run.outcome.deaths]
    ended += [one.task for one in run.outcome.hangs]
    replayed = replay(run, next(one for one in ended if one), key=key)
    assert replayed.same, replayed
    assert (replayed.now.how, replayed.now.what) == (end.how, end.what)
    assert replayed.now.file is None or Path(replayed.now.file).name == "trouble.py"
    assert replayed.differences == []


def test_a_task_that_returned_returns_again(recorded, key):
    run = recorded("segfault")
    returned = next(event.task for event in run.of_kind("end") if event.data["status"] == "ok")
    replayed = replay(run, returned, key=key)
    assert (replayed.same, replayed.now.how) == (True, "returned")


def test_text_that_was_executed_is_executed_again(cluster, key, tmp_path: Path):
    with cluster.client() as client, record(client, runs=tmp_path, cluster=cluster, deadline=10) as recorded:
        engine = client[0]
        engine.execute("%cd /\nnumbers = [0]").get()
        text = "for number in [1, 0]:\n    print(1 / number)"
        engine.execute(text).exception()
        engine.execute("1 / numbers[0]").exception()
    alone, later = replay(recorded.run, 2, key=key), replay(recorded.run, 3, key=key)
    assert (alone.same, alone.now.what, alone.now.line) == (True, "ZeroDivisionError", 2)
    assert (later.same, later.now.what) == (False, "NameError")
    assert later.differences[0].startswith("names that 2 earlier tasks may have left on engine 0")


def test_an_edited_source_is_said_and_the_function_is_the_one_that_was_sent(recorded, key, tmp_path: Path):
    file = tmp_path / "trouble.py"
    shutil.copy(HERE / "trouble.py", file)
    run = recorded("nobody_asks", file=file)
    file.write_text(file.read_text().replace("return 1 / number", "return 1 // (number or 1)"))
    replayed = replay(run, run.outcome.failures[0].task, key=key)
    assert replayed.same
    assert [one.partition(":")[0] for one in replayed.differences] == [f"{file} has been edited since"]


def test_another_environment_is_said_and_not_used(recorded, key, monkeypatch):
    run = recorded("nobody_asks")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert replay(run, run.outcome.failures[0].task, key=key).differences == [
        "$OMP_NUM_THREADS is set here, and was not; it is left out of the replay"
    ]


def test_a_payload_that_was_not_signed_by_its_owner_is_not_opened(recorded):
    run = recorded("nobody_asks")
    task = run.outcome.failures[0].task
    with pytest.raises(BadInput, match="--trust"):
        replay(run, task, key=b"x" * 32)
    assert replay(run, task, key=None).same


def test_a_task_that_is_not_there_is_one_line(recorded, key):
    with pytest.raises(BadInput, match="has no task 99"):
        replay(recorded("nobody_asks"), 99, key=key)


def test_a_replay_that_hangs_leaves_no_process(recorded, key, running, tmp_path: Path):
    run = recorded("queue")
    before = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    assert replay(run, 1, key=key, deadline=0.5).now.how == "hung"
    after = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    mine = [pid for pid in after - before if _mentions(pid, str(tmp_path))]
    assert running(mine) == []


def test_a_replay_ends_with_the_process_that_waits_for_it(recorded, key, running, eventually, tmp_path: Path):
    run = recorded("stop_itself")
    code = "import sys, pathlib; from harness.store import Run, payloads; from harness.triage.replay import replay; "
    code += "replay(Run(pathlib.Path(sys.argv[1])), 1, key=payloads.signing_key(), deadline=60.0)"
    waits = subprocess.Popen(
        [sys.executable, "-c", code, str(run.folder)],
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    try:
        eventually(lambda: any(psutil.Process(pid).status() == psutil.STATUS_STOPPED for pid in children(waits.pid)))
        (replayed,) = children(waits.pid)
    finally:
        waits.kill()
        waits.wait(20)
    eventually(lambda: running([replayed]) == [])


def _mentions(pid: int, word: str) -> bool:
    try:
        return word.encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False
