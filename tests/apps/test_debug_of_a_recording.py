"""A prompt on what failed in a recorded block: from a program with commands, and typed in a notebook."""

import queue
import time

import ipyparallel as ipp
import pytest
from jupyter_client.manager import start_new_kernel

import harness
from harness.errors import BadInput

DEADLINE = 60.0


@ipp.interactive
def fail(company):
    raise LookupError(f"no {company}")


@pytest.fixture
def failed(cluster, tmp_path):
    """A block in which task 2 of 2 failed, and its client."""
    with cluster.client() as client:
        with harness.record(client, runs=tmp_path) as recorded:
            client[0].apply_sync(len, "amzn")
            assert client[0].apply_async(fail, "amzn").exception() is not None
        yield recorded, client


def test_commands_are_done_on_the_frames_of_the_engine(failed):
    recorded, _ = failed
    said = recorded.debug(2, commands=["p company", "c", "w"])
    assert said[0] == "'amzn'\n"
    assert "the task has ended" in said[1]
    assert "fail()" in said[2]
    assert recorded.debug(commands=["p company.upper()"]) == ["'AMZN'\n"]


def test_at_a_prompt_one_types(failed, monkeypatch, capsys):
    typed = iter(["p company", "s", "q"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    failed[0].debug()
    said = capsys.readouterr().out
    assert "live frames on engine 0" in said
    assert "'amzn'" in said
    assert "*** s: the task has ended" in said


def test_what_cannot_be_debugged_is_said(failed):
    recorded, client = failed
    with pytest.raises(BadInput, match=r"task 1 of .* has no recorded exception"):
        recorded.debug(1, commands=[])
    with harness.record(client, runs=recorded.folder.parent) as other, pytest.raises(BadInput, match="still open"):
        other.debug()
    with pytest.raises(BadInput, match=r"no task of .* failed"):
        other.debug()
    client.close()
    assert "was not recorded" in recorded.debug(2, commands=["p 1 + 1"])[0]


CELLS = [
    """
import ipyparallel as ipp, harness
client = ipp.Client({file!r})
def shorten(tweet):
    words = tweet.split()
    return words[7]
""",
    """
try:
    with harness.record(client, name="cell") as recorded:
        client[0].apply_sync(shorten, "to the moon")
except ipp.error.RemoteError as error:
    print("failed:", error.ename)
""",
    "recorded.debug(1)",
]


def test_in_a_notebook_the_prompt_takes_what_is_typed_and_shows_the_cells_lines(cluster, workspace):
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(workspace))
    try:
        typed = ["p words", "p len(words) + 1", "l", "c", "q"]
        said = [_run(client, cell.replace("{file!r}", repr(str(cluster.connection_file))), typed) for cell in CELLS]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert "failed: IndexError" in said[1]
    assert typed == []
    assert "live frames on engine 0" in said[2]
    assert "['to', 'the', 'moon']" in said[2]
    assert "\n4\n" in said[2]
    assert "return words[7]" in said[2]
    assert "*** c: the task has ended" in said[2]


def _run(client, code: str, typed: list[str]) -> str:
    """Run a cell, answering what it asks for with what is typed; returns its output. Fails if it raises."""
    client.execute(code, allow_stdin=True)
    limit, said = time.monotonic() + DEADLINE, ""
    while time.monotonic() < limit:
        while client.stdin_channel.msg_ready():
            client.get_stdin_msg()
            client.input(typed.pop(0))
        try:
            message = client.get_iopub_msg(timeout=0.05)
        except queue.Empty:
            continue
        content = message["content"]
        if message["msg_type"] == "stream":
            said += content["text"]
        assert message["msg_type"] != "error", "\n".join(content["traceback"])
        if message["msg_type"] == "status" and content["execution_state"] == "idle":
            return said
    raise AssertionError(f"the cell did not end within {DEADLINE:g} s; so far: {said}")
