"""Starts forked clusters: one that ends with its owner, or a warm one in the background."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from harness.cluster import folders
from harness.cluster.child import python_path
from harness.cluster.forked import ForkedCluster
from harness.cluster.wish import Wish
from harness.errors import CannotWork

ATTEMPTS = 3
"""Starts of a controller: it chooses free ports first and binds them later, when one may be taken."""


def start_owned(wish: Wish, deadline: float) -> ForkedCluster:
    """See `harness.cluster.wish.Backend`."""
    return _start(lambda limit: _owned(wish), wish, time.monotonic() + deadline)


def start_background(wish: Wish, state: Path, idle: float, deadline: float) -> ForkedCluster:
    """See `harness.cluster.wish.Backend`."""
    return _start(lambda limit: _background(wish, state, idle, limit), wish, time.monotonic() + deadline)


def _start(launch: Callable[[float], ForkedCluster], wish: Wish, limit: float) -> ForkedCluster:
    folders.sweep()
    attempt = 1
    while True:
        cluster = launch(limit)
        try:
            cluster.begin(wish, limit)
            return cluster
        except BaseException as problem:
            cluster.stop()
            if not (isinstance(problem, CannotWork) and cluster.controller_ended and attempt < ATTEMPTS):
                raise
            attempt += 1


def _owned(wish: Wish) -> ForkedCluster:
    folder = folders.create()
    ours, theirs = socket.socketpair()
    with theirs:
        process = _launch(folder, ["--owner", str(theirs.fileno()), str(os.getpid())], theirs, wish)
    runner, owner = folders.identify(process.pid), folders.identify(os.getpid())
    folders.write_record(folder, folders.Record("forked", runner, owner, None))
    return ForkedCluster(folder, ours, process)


def _background(wish: Wish, state: Path, idle: float, limit: float) -> ForkedCluster:
    folder = folders.create()
    address = folder / folders.SOCKET
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        address.chmod(0o600)
        listener.listen()
        arguments = ["--listener", str(listener.fileno()), "--state", str(state), "--idle", str(idle)]
        process = _launch(folder, arguments, listener, wish)
        try:
            failed = process.wait(max(0.0, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            failed = process.wait()
    if failed:
        raise CannotWork(f"the cluster's zygote did not start: see {folder}/zygote.log")
    cluster = connect(folder)
    cluster.attach(limit)
    folders.write_record(folder, folders.Record("forked", cluster.zygote, None, str(state)))
    return cluster


def connect(folder: Path) -> ForkedCluster:
    """The warm cluster of this folder, not yet attached. Raises OSError if there is none."""
    channel = socket.socket(socket.AF_UNIX)
    try:
        channel.connect(str(folder / folders.SOCKET))
    except OSError:
        channel.close()
        raise
    return ForkedCluster(folder, channel, None)


def _launch(folder: Path, arguments: list[str], inherited: socket.socket, wish: Wish) -> subprocess.Popen[bytes]:
    (folder / "profile").mkdir()
    command = [sys.executable, "-m", "harness.cluster.zygote", "--folder", str(folder), *arguments]
    environment = dict(wish.environment)
    if "PYTHONPATH" in environment:
        environment["PYTHONPATH"] = os.pathsep.join(python_path(environment, str(wish.cwd)))
    try:
        with (folder / "zygote.log").open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Python puts the current folder on its path, and a learner's random.py must not be taken for its own
                cwd=folder,
                env=environment,
                pass_fds=[inherited.fileno()],
                start_new_session=True,
            )
    except OSError as problem:
        shutil.rmtree(folder)
        raise CannotWork(f"cannot start a process ({problem}): free some memory or processes") from problem
