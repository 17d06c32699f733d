"""A process that waits for the end of a stock cluster's owner, and then ends what the owner left of the cluster."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil

from harness.cluster import folders
from harness.cluster.leftovers import leftovers

LOOK = 0.2
"""Seconds between two looks at the owner, and at what is left of its cluster."""
PATIENCE = 30.0
"""Seconds after which what is still left is left to `harness doctor`."""


def watch_over(folder: Path) -> "subprocess.Popen[bytes]":
    """Start the process for the cluster in `folder`, whose record names the owner; it is ended with the cluster."""
    command = [sys.executable, "-m", "harness.cluster.guardian", str(folder)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)


def wait_and_end(folder: Path) -> None:
    """Return when the owner of the cluster in `folder` and all of its processes have ended; at once without an owner.

    What the owner left is killed: engines, controller, nannies, and children of tasks that have an engine's output.
    """
    record = folders.read_record(folder)
    if record is None or record.owner is None:
        return
    while folders.is_alive(record.owner):
        time.sleep(LOOK)
    limit = time.monotonic() + PATIENCE
    while (left := _left(folder)) and time.monotonic() < limit:
        for pid in left:
            with contextlib.suppress(psutil.Error):
                psutil.Process(pid).kill()
        time.sleep(LOOK)
    shutil.rmtree(folder, ignore_errors=True)


def _left(folder: Path) -> list[int]:
    return [each.pid for each in leftovers() if each.folder == folder and each.pid != os.getpid()]


if __name__ == "__main__":
    wait_and_end(Path(sys.argv[1]))
