"""Exceptions and stacks as plain data: frames with source lines and bounded locals, causes, notes, group members."""

import linecache
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any

from harness.engine.values import MASK, looks_secret, message_of, short

MOST_FRAMES = 40
MOST_LOCALS = 30
MOST_LINKS = 8
NATIVE_FRAME = re.compile(r'\s*File "(?P<file>[^"]+)", line (?P<line>\d+),? in (?P<function>.+)')
"""A line of a stack that faulthandler wrote."""
_LIBRARY = ("site-packages", "dist-packages", "/lib/python3")
_PLUMBING = ("/ipyparallel/", "/ipykernel/", "/harness/engine/", "/harness/recorder/", "/harness/triage/")


def is_library(file: str) -> bool:
    """Whether a file is an installed library's or Python's own, not the user's."""
    return any(part in file for part in _LIBRARY) or file.startswith("<frozen")


def is_plumbing(file: str) -> bool:
    """Whether a file is part of how ipyparallel and the harness reach the user's function."""
    return file == "<string>" or any(part in file for part in _PLUMBING)


def _frame(frame: FrameType, line: int) -> dict[str, Any]:
    code = frame.f_code
    values: dict[str, str] = {}
    if not is_library(code.co_filename):
        linecache.checkcache(code.co_filename)  # the file may have been edited since an earlier run
        for name, value in list(frame.f_locals.items())[:MOST_LOCALS]:
            if not name.startswith(("__", ".")):
                values[name] = MASK if looks_secret(name) else short(value)
    return {
        "file": code.co_filename,
        "line": line,
        "function": code.co_name,
        "source": linecache.getline(code.co_filename, line).strip(),
        "locals": values,
    }


def _walk(tb: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def _without_plumbing(pairs: list[tuple[FrameType, int]]) -> list[tuple[FrameType, int]]:
    """Drop the frames by which the user's function is reached and stopped; keep all if nothing else is there."""
    theirs = [index for index, (frame, _) in enumerate(pairs) if not is_plumbing(frame.f_code.co_filename)]
    if not theirs:
        return pairs
    ours_at_the_end = pairs[-1][0].f_code.co_filename.endswith("/harness/engine/gate.py")
    return pairs[theirs[0] : theirs[-1] + 1 if ours_at_the_end else None]


def _after_kernel(pairs: list[tuple[FrameType, int]]) -> list[tuple[FrameType, int]]:
    """The part of the main thread's stack that a task is: what comes after the kernel's call; all if there is none."""
    for index in range(len(pairs) - 1, -1, -1):
        if pairs[index][0].f_code.co_name == "do_apply" and index + 1 < len(pairs):
            return _without_plumbing(pairs[index + 1 :])
    return pairs


def describe_exception(error: BaseException, depth: int = 0) -> dict[str, Any]:
    """The exception as data: type, module, message, notes, frames (outermost first), cause or context, members.

    Chains are followed through at most 8 links and cycles are cut, as is a group's depth.
    """
    pairs = _without_plumbing(list(_walk(error.__traceback__)))
    left_out = max(0, len(pairs) - MOST_FRAMES)
    record: dict[str, Any] = {
        "type": type(error).__name__,
        "module": type(error).__module__,
        "message": message_of(error),
        "notes": [str(note)[:500] for note in getattr(error, "__notes__", None) or []][:10],
        "frames": [_frame(frame, line) for frame, line in pairs[-MOST_FRAMES:]],
        "frames_left_out": left_out,
        "cause": None,
        "members": [],
    }
    if depth < MOST_LINKS:
        linked = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if linked is not None and linked is not error:
            record["cause"] = describe_exception(linked, depth + 1)
            record["cause"]["explicit"] = error.__cause__ is not None
        if isinstance(error, BaseExceptionGroup):
            record["members"] = [describe_exception(one, depth + 1) for one in error.exceptions[:20]]
    return record


def as_text(record: dict[str, Any]) -> str:
    """A described exception as a person reads it: like Python's traceback, with the values below each frame."""
    lines: list[str] = []
    if record["cause"]:
        lines.append(as_text(record["cause"]))
        why = "was the direct cause of" if record["cause"]["explicit"] else "was being handled during"
        lines += ["", f"The exception above {why} this one:", ""]
    lines.append("Traceback on the engine (the failing line comes last):")
    if record["frames_left_out"]:
        lines.append(f"  ... {record['frames_left_out']} frames left out ...")
    for frame in record["frames"]:
        lines.append(f'  File "{frame["file"]}", line {frame["line"]}, in {frame["function"]}')
        if frame["source"]:
            lines.append(f"    {frame['source']}")
        lines += [f"      {name} = {value}" for name, value in frame["locals"].items()]
    lines.append(f"{record['type']}: {record['message']}")
    lines += [f"  note: {note}" for note in record["notes"]]
    for index, member in enumerate(record["members"], 1):
        lines.append(f"member {index}:")
        lines += [f"  | {line}" for line in as_text(member).splitlines()]
    return "\n".join(lines)


def all_stacks() -> list[dict[str, Any]]:
    """What every thread of this process is doing now: name, whether it is the main one, frames outermost first."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    main = threading.main_thread().ident
    stacks = []
    for ident, frame in sys._current_frames().items():
        pairs = list(traceback.walk_stack(frame))[::-1]
        if ident == main:
            pairs = _after_kernel(pairs)
        stacks.append(
            {
                "thread": names.get(ident, str(ident)),
                "main": ident == main,
                "frames": [_frame(one, line) for one, line in pairs[-MOST_FRAMES:]],
            }
        )
    return sorted(stacks, key=lambda stack: not stack["main"])
