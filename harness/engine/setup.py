"""An engine made openly different for a run: its variables, clock, working folder, memory limit; undone afterwards."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

_kept = contextlib.ExitStack()


@contextlib.contextmanager
def different(wanted: dict[str, Any]) -> Iterator[None]:
    """While open, this engine is as `wanted`, which may hold:

    `environ` (variables, name → text), `clock` (seconds by which it goes wrong, negative: behind), `cwd` (an absolute
    folder, made if missing), `memory` (MB of address space beyond what the process has now; Linux only).
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
    if sys.platform != "linux":
        raise RuntimeError("a memory limit for one engine needs Linux")
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm") as file:
        has = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    limit = has + megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
