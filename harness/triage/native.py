"""Stacks as faulthandler writes them: how an engine is made to, and where the user's code is in them."""

import contextlib
import itertools
import linecache
import os
import signal
import time
from collections.abc import Iterator
from typing import Any

from harness.cluster import EngineProcess
from harness.engine.frames import NATIVE_FRAME
from harness.engine.libraries import is_library, is_plumbing


def own_frames(stack: str) -> Iterator[dict[str, str]]:
    """The user's frames of the main thread, which faulthandler lists last, innermost first."""
    parts = itertools.groupby(stack.splitlines(), lambda line: "hread 0x" in line)
    threads = [list(lines) for is_title, lines in parts if not is_title]
    for thread in reversed(threads):
        for line in thread:
            if (found := NATIVE_FRAME.match(line)) and not is_library(found["file"]) and not is_plumbing(found["file"]):
                yield found.groupdict()


def innermost(stack: str) -> dict[str, Any]:
    """File, line, function and source of the user's innermost frame; empty if the stack shows none."""
    for frame in own_frames(stack):
        line = int(frame["line"])
        return {**frame, "line": line, "source": linecache.getline(frame["file"], line).strip()}
    return {}


def asked_for(process: EngineProcess, seconds: float) -> str:
    """The native stacks of an engine of this machine, which needs no Python for them; empty if none come in time."""
    if process.stacks is None:
        return ""
    before = process.stacks.stat().st_size if process.stacks.exists() else 0
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGUSR1)
    limit = time.monotonic() + seconds
    seen, text = b"", b""
    while time.monotonic() < limit and not (text and text == seen):
        time.sleep(0.002)
        seen, text = text, process.stacks.read_bytes()[before:] if process.stacks.exists() else b""
    return text.decode(errors="backslashreplace")
