"""A disk that is full, fills up or can't be written to: exit status 3, one line that says what to do, nothing left."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.apps.chaos.victims import of_token
from harness.places import CLONE

TALKS = """
def talk(number):
    print("x" * 2000)
    return number


def main(view):
    return view.map_sync(talk, range(30))
"""


@pytest.fixture(scope="module")
def mounts() -> bool:
    """Whether this user may mount in a namespace of their own; the test is skipped if not."""
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare")
    tried = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"may not mount in a user namespace: {tried.stderr.decode().strip()}")
    return True


@pytest.mark.parametrize(
    ("options", "message"),
    [("ro", "Read-only file system"), ("size=4k", "No space left"), ("size=60k", "No space left")],
    ids=["read-only", "full at the start", "full on the way"],
)
def test_a_run_that_cannot_be_written_ends_with_status_3_and_one_line(
    mounts, workspace: Path, monkeypatch, eventually, options: str, message: str
) -> None:
    program, disk = workspace / "talks.py", workspace / "disk"
    program.write_text(TALKS)
    disk.mkdir()
    monkeypatch.setenv("HARNESS_WORKSPACE", str(disk))
    monkeypatch.setenv("PYTHONPATH", str(CLONE))
    monkeypatch.setenv("HARNESS_DISK", str(workspace))
    command = f'mount -t tmpfs -o {options} none "$0" && exec "$@"'
    ended = subprocess.run(
        ["unshare", "-rm", "sh", "-c", command, str(disk), sys.executable, "-m", "harness", "run", str(program)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=workspace,
        check=False,
    )
    assert ended.returncode == 3, ended.stderr
    [line] = ended.stderr.strip().splitlines()
    assert line.startswith("harness: ")
    assert message in line
    assert ended.stdout == ""
    eventually(lambda: of_token("HARNESS_DISK", str(workspace)) == [], 20)


@pytest.mark.parametrize("arguments", [["show"], ["logs"], ["runs"]])
def test_what_was_recorded_is_read_from_a_read_only_disk(mounts, workspace: Path, monkeypatch, arguments) -> None:
    from tests.golden import copied

    copied("exception", workspace)
    monkeypatch.setenv("PYTHONPATH", str(CLONE))
    command = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    ended = subprocess.run(
        ["unshare", "-rm", "sh", "-c", command, str(workspace), sys.executable, "-m", "harness", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=workspace,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout
