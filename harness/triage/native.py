"""Stacks as faulthandler writes them: where the user's code is in them."""

import itertools
import linecache
from collections.abc import Iterator
from typing import Any

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
