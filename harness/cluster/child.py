"""What a process just forked from the zygote does to become a controller or an engine like any freshly started one."""

import ctypes
import faulthandler
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.engine.parent import die_with_parent

PR_SET_NAME = 15


@dataclass(frozen=True)
class Order:
    """What to fork: a controller (`engine` is None) or an engine, with its arguments, environment and files.

    `output` takes descriptors 1 and 2 and the last words of a fatal signal; `stacks` takes the stack of the
    thread that gets a SIGUSR1, at each (engines only).
    """

    name: str
    engine: int | None
    argv: list[str]
    environment: dict[str, str]
    cwd: str
    output: str
    stacks: str | None


def detach(zygote: int, name: str) -> None:
    """Lead an own session and process group, with default signals, and die with the zygote (process id `zygote`)."""
    os.setsid()
    die_with_parent(zygote)
    ctypes.CDLL(None).prctl(PR_SET_NAME, f"ip{name}".encode()[:15], 0, 0, 0)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def run(order: Order, channel: socket.socket | None) -> None:
    """Be what `order` says until the end of this process. A controller talks to the zygote over `channel`."""
    _redirect(order.output)
    _set_path(order)
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.cwd)
    _forget_the_zygote()
    if channel is not None:
        _run_controller(order, channel)
    else:
        _run_engine(order)


def python_path(environment: Mapping[str, str], cwd: str) -> list[str]:
    """The folders that PYTHONPATH adds to a process started in `cwd`, absolute."""
    given = environment.get("PYTHONPATH")
    return [os.path.join(cwd, part) for part in given.split(os.pathsep)] if given else []


def _set_path(order: Order) -> None:
    zygotes = python_path(os.environ, "")
    own = python_path(order.environment, order.cwd)
    sys.path[:] = [order.cwd, *own, *(each for each in sys.path if each not in zygotes)]


def _redirect(output: str) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    file = os.open(output, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
    sys.stdin = sys.__stdin__ = os.fdopen(0, closefd=False)  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", buffering=1, closefd=False)  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = os.fdopen(  # type: ignore[misc]
        2, "w", buffering=1, closefd=False, errors="backslashreplace"
    )


def _forget_the_zygote() -> None:
    # Python's random reseeds itself after a fork; numpy's legacy generator would repeat itself on every engine
    if numpy_random := sys.modules.get("numpy.random"):
        numpy_random.seed()
    if multiprocessing := sys.modules.get("multiprocessing"):
        multiprocessing.current_process().authkey = os.urandom(32)


def _run_controller(order: Order, channel: socket.socket) -> None:
    from harness.cluster import controller

    sys.argv = ["ipcontroller", *order.argv]
    parent = os.getpid()
    os.register_at_fork(after_in_child=lambda: die_with_parent(parent))
    controller.run(order.argv, channel)


def _run_engine(order: Order) -> None:
    from ipyparallel.engine.app import IPEngine

    sys.argv = ["ipengine", *order.argv]
    faulthandler.enable(file=_log(order.output), all_threads=True)
    if order.stacks is not None:
        faulthandler.register(signal.SIGUSR1, file=_log(order.stacks), all_threads=False, chain=False)
    IPEngine.launch_instance(order.argv)


def _log(path: str) -> Any:
    # faulthandler keeps the file object, and with it the descriptor, alive
    return open(path, "a", opener=lambda name, flags: os.open(name, flags, 0o600))
