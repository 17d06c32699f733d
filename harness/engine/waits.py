"""Who waits for whom among the threads of this process, as far as that can be known without a doubt.

Python notes no owner of a plain lock. Here the holder is a thread whose stack is inside `with lock:`, or behind a
`lock.acquire()` in the same block; the lock is found by evaluating names and attributes only, so that nothing runs.
"""

import ast
import linecache
import signal
import sys
import threading
from collections.abc import Collection, Iterator
from itertools import islice
from types import FrameType, MemberDescriptorType, ModuleType
from typing import Any

from .libraries import is_library, is_plumbing
from .syntax import at_instruction, block_of

_LOCKS = (type(threading.Lock()), type(threading.RLock()))
_OWNER = "owner="
_NOTHING: dict[str, Any] = {"what": "", "owners": [], "only_owners": False, "tasks": []}


def all_waits(known: Collection[int | None] = ()) -> list[dict[str, Any]]:
    """What each thread waits for, the main one first. known: idents of threads that are not the user's.

    Per thread: `thread` (name), `ident`, `main`, `own` (whether it may run code of the user's), the innermost frame of
    the user's (file, line, function, source; absent if none), `what` it waits for in words, `owners` (idents of the
    threads that can end the wait, empty if not known), `only_owners` (whether nobody else can, not even by mistake),
    `tasks` (message ids of the ipyparallel tasks that it waits for). A wait that has a time limit, or that an alarm
    will end, tells nothing of these.
    """
    frames = sys._current_frames()
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    stacks = {ident: list(_outwards(frame)) for ident, frame in frames.items()}
    main = threading.main_thread().ident
    found = []
    for ident, stack in stacks.items():
        own = next((frame for frame in stack if _own(frame)), None)
        place = _place(own) if own is not None else {}
        theirs = own is not None or ident not in known
        told = {"thread": names.get(ident, str(ident))[:100], "ident": ident, "main": ident == main, "own": theirs}
        bounded = ident == main and any(signal.getitimer(signal.ITIMER_REAL))
        found.append({**told, **place, **(_NOTHING if bounded else _wait(stack, stacks))})
    return sorted(found, key=lambda one: not one["main"])


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _place(frame: FrameType) -> dict[str, Any]:
    file, line = frame.f_code.co_filename, frame.f_lineno
    source = linecache.getline(file, line).strip()[:500]
    return {"file": file, "line": line, "function": frame.f_code.co_name, "source": source}


def _own(frame: FrameType) -> bool:
    file = frame.f_code.co_filename
    return not (is_library(file) or is_plumbing(file) or file.startswith("<"))


def _wait(stack: list[FrameType], stacks: dict[int, list[FrameType]]) -> dict[str, Any]:
    for frame in islice(stack, 8):
        if frame.f_code is threading.Thread.join.__code__ and frame.f_locals.get("timeout") is None:
            thread = frame.f_locals["self"]
            return {**_NOTHING, "what": f"thread {thread.name} to end", "owners": [thread.ident], "only_owners": True}
        if frame.f_code.co_filename.endswith("/ipyparallel/client/asyncresult.py"):
            return {**_NOTHING, **_wait_for_tasks(stack)}
    if (asked := _asked_for_lock(stack[0])) is None:
        return _NOTHING
    lock, name = asked
    if not isinstance(lock, _LOCKS):
        return _NOTHING
    if isinstance(lock, _LOCKS[1]):
        owner = int(repr(lock).partition(_OWNER)[2].split(" ")[0] or 0)
        return {**_NOTHING, "what": name, "owners": [owner] if owner else [], "only_owners": True}
    held = [ident for ident, frames in stacks.items() if lock.locked() and any(_holds(one, lock) for one in frames)]
    return {**_NOTHING, "what": name, "owners": held if len(held) == 1 else []}


def _wait_for_tasks(stack: list[FrameType]) -> dict[str, Any]:
    """What the outermost call of an AsyncResult waits for, if it has no time limit."""
    calls = [frame for frame in stack if frame.f_code.co_filename.endswith("/ipyparallel/client/asyncresult.py")]
    limits = [frame.f_locals["timeout"] for frame in calls if "timeout" in frame.f_locals]
    result: Any = calls[-1].f_locals.get("self")
    if any(limit is not None and limit >= 0 for limit in limits) or not hasattr(result, "msg_ids"):
        return {}
    pending = [each for each in result.msg_ids if each in result._client.outstanding]
    return {"what": "the answers of tasks that it sent itself", "tasks": pending[:1000]} if pending else {}


def _asked_for_lock(frame: FrameType) -> tuple[Any, str] | None:
    """The lock that this innermost frame is waiting for, without a time limit, and how the source names it."""
    if frame.f_code is threading.Condition.__enter__.__code__:
        return vars(frame.f_locals["self"]).get("_lock"), "the lock of a condition"
    if not _own(frame):
        return None  # what libraries do with their locks, such as handing them on, is not known here
    for expression in _wanted(at_instruction(frame)):
        lock = _value(expression, frame)
        if isinstance(lock, _LOCKS):
            return lock, ast.unparse(expression)
    return None


def _wanted(node: ast.AST | None) -> Iterator[ast.expr]:
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr="acquire" | "__enter__"), args=[], keywords=[]):
            yield value
        case ast.With(items=[item]):
            yield item.context_expr
        case ast.expr():
            yield node


def _holds(frame: FrameType, lock: Any) -> bool:
    """Whether the frame is at a place of the user's code that is reached only while it has the lock."""
    return _own(frame) and any(_value(expression, frame) is lock for expression in block_of(frame))


def _value(expression: ast.expr, frame: FrameType) -> Any:
    """The value of a name, or of attributes and constant items of one; None if it is more than that."""
    match expression:
        case ast.Name(id=name):
            return frame.f_locals.get(name, frame.f_globals.get(name))
        case ast.Attribute(value=value, attr=attr):
            return _attribute(_value(value, frame), attr)
        case ast.Subscript(value=value, slice=index):
            held = _value(value, frame)
            key = index.value if isinstance(index, ast.Constant) else _value(index, frame)
            if isinstance(key, (int, str)):
                if isinstance(held, dict):
                    return dict.get(held, key)
                if type(held) in (list, tuple) and isinstance(key, int) and -len(held) <= key < len(held):
                    return held[key]
    return None


def _attribute(held: Any, name: str) -> Any:
    if held is None:
        return None
    try:
        own = object.__getattribute__(held, "__dict__")
    except AttributeError:
        own = {}
    if name in own:
        return own[name]
    if isinstance(held, ModuleType):
        return None
    for kind in type.__mro__.__get__(held if isinstance(held, type) else type(held)):
        if name in vars(kind):
            found = vars(kind)[name]
            return found.__get__(held) if isinstance(found, MemberDescriptorType) else found
    return None
