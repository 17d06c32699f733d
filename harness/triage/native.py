"""Stacks as faulthandler writes them: how an engine is made to, and where the user's code is in them."""

import ctypes
import itertools
import linecache
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.cluster import EngineProcess
from harness.engine.frames import NATIVE_FRAME
from harness.engine.libraries import is_library, is_plumbing

_MASKS = re.compile(r"^(SigBlk|SigCgt):\s*([0-9a-f]+)$", re.MULTILINE)
"""Signals that a thread blocks, and that its process handles, in /proc/<pid>/task/<id>/status."""


def own_frames(stack: str) -> Iterator[dict[str, str]]:
    """The user's frames, innermost first; of several threads the main one's, which faulthandler lists last."""
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
    """The stack of the main thread of an engine of this machine, for which it needs no GIL; empty if none is to be had.

    It writes that itself, in a signal handler: the stack of a thread that may run meanwhile can't be read safely
    (python/cpython#116008).
    """
    if process.stacks is None or not _would_write(process.pid):
        return ""
    before = process.stacks.stat().st_size if process.stacks.exists() else 0
    ctypes.CDLL(None).tgkill(process.pid, process.pid, signal.SIGUSR1)  # os.kill lets any thread of it have the signal
    limit = time.monotonic() + seconds
    seen, text = b"", b""
    while time.monotonic() < limit and not (text and text == seen):
        time.sleep(0.002)
        seen, text = text, _from(process.stacks, before)
    return text.decode(errors="backslashreplace")


def _from(file: Path, position: int) -> bytes:
    try:
        with file.open("rb") as opened:
            opened.seek(position)
            return opened.read()
    except FileNotFoundError:
        return b""


def _would_write(pid: int) -> bool:
    """Whether the main thread lets SIGUSR1 in and the process has a handler for it: without one it would end."""
    try:
        masks = dict(_MASKS.findall(Path(f"/proc/{pid}/task/{pid}/status").read_text()))
    except OSError:
        return False
    bit = 1 << (signal.SIGUSR1 - 1)
    return bool(int(masks["SigCgt"], 16) & bit and not int(masks["SigBlk"], 16) & bit)
