"""An engine made openly different for a run: its variables, clock, working folder, memory limit; undone afterwards."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

_ADDRESSES, _RESIDENT = 0, 1
"""Columns of /proc/self/statm."""
_LOOK = 0.005
"""Seconds between two looks at how much memory the process has."""
_kept = contextlib.ExitStack()


@contextlib.contextmanager
def different(wanted: dict[str, Any]) -> Iterator[None]:
    """While open, this engine is as `wanted`, which may hold:

    `environ` (variables, name → text), `clock` (seconds by which it goes wrong, negative: behind), `cwd` (an absolute
    folder, made if missing), `memory` (MB of address space beyond what the process has now; Linux only),
    `killed_at` (MB of resident memory beyond what it has now, at which it is killed as by a system short of memory).
    Raises OSError for a folder that can't be had, RuntimeError for a limit that this system does not know.
    """
    with contextlib.ExitStack() as undo:
        if environ := wanted.get("environ"):
            undo.enter_context(_environ(environ))
        if seconds := wanted.get("clock"):
            undo.enter_context(_clock(seconds))
        if folder := wanted.get("cwd"):
            undo.enter_context(_cwd(Path(folder)))
        if megabytes := wanted.get("memory"):
            undo.enter_context(_memory(megabytes))
        if megabytes := wanted.get("killed_at"):
            undo.enter_context(_killed_at(megabytes))
        yield


def stay_different(wanted: dict[str, Any]) -> None:
    """As `different`, until the engine ends."""
    _kept.enter_context(different(wanted))


@contextlib.contextmanager
def _environ(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _clock(seconds: float) -> Iterator[None]:
    """Shift what logging, loguru and `time.time` read. `datetime.now` can't be patched and stays right."""
    seen, seen_ns = time.time, time.time_ns
    time.time = lambda: seen() + seconds
    time.time_ns = lambda: seen_ns() + int(seconds * 1e9)
    try:
        with _loguru_clock(timedelta(seconds=seconds)):
            yield
    finally:
        time.time, time.time_ns = seen, seen_ns


@contextlib.contextmanager
def _loguru_clock(shift: timedelta) -> Iterator[None]:
    try:
        import loguru._logger as module
    except ImportError:
        yield
        return
    seen = module.aware_now
    module.aware_now = lambda: seen() + shift
    try:
        yield
    finally:
        module.aware_now = seen


@contextlib.contextmanager
def _cwd(folder: Path) -> Iterator[None]:
    before = os.getcwd()
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def _memory(megabytes: int) -> Iterator[None]:
    import resource

    limit = _taken(_ADDRESSES) + megabytes * 1_000_000
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextlib.contextmanager
def _killed_at(megabytes: int) -> Iterator[None]:
    limit = _taken(_RESIDENT) + megabytes * 1_000_000
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK):
            if _taken(_RESIDENT) > limit:
                os.kill(os.getpid(), signal.SIGKILL)

    thread = threading.Thread(target=watch, name="harness-memory", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _taken(what: int) -> int:
    """Bytes that this process has, of addresses or of resident memory."""
    if sys.platform != "linux":
        raise RuntimeError("a memory limit for one engine needs Linux")
    with open("/proc/self/statm") as file:
        return int(file.read().split()[what]) * os.sysconf("SC_PAGE_SIZE")
