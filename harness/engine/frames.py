"""Exceptions and stacks as plain data: frames with source lines and bounded locals, causes, notes, group members."""

import linecache
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import Any

from .libraries import is_library, is_plumbing
from .values import MASK, bounded_text, looks_secret, message_of, short, type_module, type_name

MOST_FRAMES = 40
MOST_LOCALS = 30
MOST_LINKS = 8
MOST_EXCEPTIONS = 60
MOST_NOTES = 10
MOST_SOURCE = 500
MOST_THREADS = 50
MOST_CHARACTERS = 200_000
NATIVE_FRAME = re.compile(r'\s*File "(?P<file>[^"]+)", line (?P<line>\d+),? in (?P<function>.+)')
"""A line of a stack that faulthandler wrote."""


@dataclass
class _Room:
    """How much one record may still take: exceptions, characters of values. `seen` holds those it is inside of."""

    exceptions: int = MOST_EXCEPTIONS
    characters: int = MOST_CHARACTERS
    seen: set[int] = field(default_factory=set)


def _frame(frame: FrameType, line: int, room: _Room) -> dict[str, Any]:
    code = frame.f_code
    values: dict[str, str] = {}
    if not is_library(code.co_filename):
        linecache.checkcache(code.co_filename)  # the file may have been edited since an earlier run
        values = _values(frame, room)
    return {
        "file": code.co_filename,
        "line": line,
        "function": code.co_name,
        "source": linecache.getline(code.co_filename, line).strip()[:MOST_SOURCE],
        "locals": values,
    }


_LOCALS = (dict, type((lambda: sys._getframe().f_locals)()))
"""Types of own locals of frames, two since Python 3.13. Any other is the user's: to look at it would run code."""


def _values(frame: FrameType, room: _Room) -> dict[str, str]:
    if room.characters <= 0:
        return {"...": "values left out: the record is full"}
    there = frame.f_locals
    values: dict[str, str] = {}
    for name, value in list(there.items())[:MOST_LOCALS] if type(there) in _LOCALS else []:
        if type(name) is str and not name.startswith(("__", ".")):
            values[name] = MASK if looks_secret(name) else short(value)
            room.characters -= len(name) + len(values[name])
    return values


def _frames(pairs: list[tuple[FrameType, int]], room: _Room) -> list[dict[str, Any]]:
    """The innermost frames, outermost first; where room for values ends, it is the outer ones that have none."""
    return [_frame(frame, line, room) for frame, line in reversed(pairs[-MOST_FRAMES:])][::-1]


def _walk(tb: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def _without_plumbing(pairs: list[tuple[FrameType, int]]) -> list[tuple[FrameType, int]]:
    """Drop the frames by which the user's function is reached and stopped; if nothing else is there, only our hooks."""
    theirs = [index for index, (frame, _) in enumerate(pairs) if not is_plumbing(frame.f_code.co_filename)]
    if not theirs:
        return [pair for pair in pairs if not pair[0].f_code.co_filename.endswith("/harness/engine/hooks.py")] or pairs
    ours_at_the_end = pairs[-1][0].f_code.co_filename.endswith("/harness/engine/gate.py")
    return pairs[theirs[0] : theirs[-1] + 1 if ours_at_the_end else None]


def _after_kernel(pairs: list[tuple[FrameType, int]]) -> list[tuple[FrameType, int]]:
    """The part of the main thread's stack that a task is: what comes after the kernel's call; all if there is none."""
    for index in range(len(pairs) - 1, -1, -1):
        if pairs[index][0].f_code.co_name in ("do_apply", "run_code") and index + 1 < len(pairs):
            return _without_plumbing(pairs[index + 1 :])
    return pairs


def describe_exception(error: BaseException) -> dict[str, Any]:
    """The exception as data: type, module, message, notes, frames (outermost first), cause or context, members.

    Runs no code of the exception's but its `__str__`. Bounded: 60 exceptions in all, chains of 8 links, cycles cut;
    what is left out is counted in `frames_left_out` and `members_left_out`.
    """
    return _described(error, _Room(), 0)


def _described(error: BaseException, room: _Room, depth: int) -> dict[str, Any]:
    room.exceptions -= 1
    room.seen.add(id(error))
    pairs = _without_plumbing(list(_walk(_of(BaseException, "__traceback__", error))))
    record: dict[str, Any] = {
        "type": type_name(type(error)),
        "module": type_module(type(error)),
        "message": message_of(error),
        "notes": _notes(error),
        "frames": _frames(pairs, room),
        "frames_left_out": max(0, len(pairs) - MOST_FRAMES),
        "cause": None,
        "members": [],
        "members_left_out": 0,
    }
    cause = _of(BaseException, "__cause__", error)
    suppressed = _of(BaseException, "__suppress_context__", error)
    linked = cause or (None if suppressed else _of(BaseException, "__context__", error))
    if linked is not None and _fits(linked, room, depth):
        record["cause"] = _described(linked, room, depth + 1)
        record["cause"]["explicit"] = cause is not None
    if issubclass(type(error), BaseExceptionGroup):
        for member in _of(BaseExceptionGroup, "exceptions", error):
            if _fits(member, room, depth):
                record["members"].append(_described(member, room, depth + 1))
            else:
                record["members_left_out"] += 1
    room.seen.discard(id(error))
    return record


def _of(base: type, name: str, error: BaseException) -> Any:
    """An attribute as the base class has it, whatever a subclass made of the name."""
    return vars(base)[name].__get__(error)


def linked(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and all that it leads to, each once: causes, contexts, members. Runs no code of theirs."""
    left, seen = [error], set()
    while left:
        one = left.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        left += [_of(BaseException, "__cause__", one), _of(BaseException, "__context__", one)]
        if issubclass(type(one), BaseExceptionGroup):
            left += _of(BaseExceptionGroup, "exceptions", one)


def traceback_of(error: BaseException) -> TracebackType | None:
    """The exception's traceback, whatever its class made of the name."""
    return _of(BaseException, "__traceback__", error)


def _fits(error: BaseException, room: _Room, depth: int) -> bool:
    return depth < MOST_LINKS and room.exceptions > 0 and id(error) not in room.seen


def _notes(error: BaseException) -> list[str]:
    try:
        notes = vars(error).get("__notes__")
        return [bounded_text(note, 500) for note in notes[:MOST_NOTES]] if type(notes) is list else []
    except Exception as problem:
        return [f"<its notes raised {type_name(type(problem))}>"]


def as_text(record: dict[str, Any]) -> str:
    """A described exception as a person reads it: like Python's traceback, with the values below each frame."""
    return "\n".join(_lines(record, "Traceback on the engine (the failing line comes last):", with_values=True))


def as_python(record: dict[str, Any]) -> list[str]:
    """A described exception as Python would print it, without values."""
    return _lines(record, "Traceback (most recent call last):", with_values=False)


def _lines(record: dict[str, Any], heading: str, with_values: bool) -> list[str]:
    lines: list[str] = []
    if record["cause"]:
        lines += _lines(record["cause"], heading, with_values)
        why = "was the direct cause of" if record["cause"]["explicit"] else "was being handled during"
        lines += ["", f"The exception above {why} this one:", ""]
    lines.append(heading)
    if record["frames_left_out"]:
        lines.append(f"  ... {record['frames_left_out']} frames left out ...")
    for frame in record["frames"]:
        lines.append(f'  File "{frame["file"]}", line {frame["line"]}, in {frame["function"]}')
        if frame["source"]:
            lines.append(f"    {frame['source']}")
        if with_values:
            lines += [f"      {name} = {value}" for name, value in frame["locals"].items()]
    lines.append(f"{record['type']}: {record['message']}")
    lines += [f"  note: {note}" for note in record["notes"]]
    if record["members_left_out"]:
        lines.append(f"{record['members_left_out']} more members are not shown")
    for index, member in enumerate(record["members"], 1):
        lines.append(f"member {index}:")
        lines += [f"  | {line}" for line in "\n".join(_lines(member, heading, with_values)).splitlines()]
    return lines


def all_stacks() -> list[dict[str, Any]]:
    """What every thread of this process is doing now, main thread first: name, whether main, frames outermost first.

    At most 50 threads; values masked, bounded, and left out where the record is full.
    """
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    main = threading.main_thread().ident
    room, stacks = _Room(), []
    running = sorted(sys._current_frames().items(), key=lambda one: one[0] != main)
    for ident, frame in running[:MOST_THREADS]:
        pairs = list(traceback.walk_stack(frame))[::-1]
        if ident == main:
            pairs = _after_kernel(pairs)
        name = bounded_text(names.get(ident, ident), 100)
        stacks.append({"thread": name, "main": ident == main, "frames": _frames(pairs, room)})
    return stacks


def blame(frames: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The frame to look at first: the innermost that is the user's own code, else the innermost of all."""
    own = [frame for frame in frames if not is_library(frame["file"]) and not is_plumbing(frame["file"])]
    candidates = own or frames
    return candidates[-1] if candidates else None
