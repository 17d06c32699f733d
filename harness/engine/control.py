"""Questions that an engine answers on its control thread while a task runs: its stacks, what its threads wait for."""

import contextlib
import sys
import threading
import traceback
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from .frames import all_stacks
from .libraries import is_library, is_plumbing
from .values import short
from .waits import all_waits

REQUEST = "harness_request"
REPLY = "harness_reply"
QUICK = 0.0002
"""Seconds after which a thread that computes gives way while a question is answered."""


@contextlib.contextmanager
def answering(
    kernel: Any, at_work: Callable[[], dict[str, Any] | None], swallowed: Callable[[], bool]
) -> Iterator[None]:
    """While open, a `harness_request` on the control channel with content {"ask": "stacks"} gets a `harness_reply`.

    Questions are `stacks` (frames.all_stacks), `waits` (waits.all_waits), `task` (what `at_work` gives: the task that
    the engine is at, or None), `look` (these three at once), `swallowed` (what `swallowed` gives: whether the task goes
    on although interrupted) and `value` (of `expression`, in the innermost frame of the user's code).
    """
    before = weakref.WeakSet(threading.enumerate())

    def ours() -> set[int | None]:
        """The threads that were there before the run; the number of one that has ended may be another's by now."""
        return {thread.ident for thread in before if thread.is_alive()}

    answers: dict[str, Callable[[dict[str, Any]], Any]] = {
        "stacks": lambda _: all_stacks(),
        "waits": lambda _: all_waits(ours()),
        "task": lambda _: at_work(),
        "look": lambda _: {"stacks": all_stacks(), "task": at_work(), "waits": all_waits(ours())},
        "swallowed": lambda _: swallowed(),
        "value": lambda content: value_in_main(content["expression"]),
    }

    def handle(stream: Any, ident: Any, parent: Any) -> None:
        asked = parent["content"]
        with _taking_turns_quickly():
            try:
                content = {"status": "ok", "answer": answers[asked["ask"]](asked)}
            except Exception as problem:
                content = {"status": "error", "answer": f"{type(problem).__name__}: {problem}"}
            kernel.session.send(stream, REPLY, content, parent=parent, ident=ident)

    kernel.control_handlers[REQUEST] = handle
    try:
        yield
    finally:
        del kernel.control_handlers[REQUEST]


@contextlib.contextmanager
def _taking_turns_quickly() -> Iterator[None]:
    """Get the GIL back soon from a task that computes: sending alone lets go of it for each part of a message."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(QUICK)
    mine = sys.getswitchinterval()
    try:
        yield
    finally:
        if sys.getswitchinterval() == mine:  # else the task has set it meanwhile
            sys.setswitchinterval(before)


def value_in_main(expression: str) -> str:
    """What an expression gives in the innermost frame of the user's code of the main thread.

    The frame is looked at from another thread: values can change meanwhile. What the expression raises is its answer.
    """
    frame = sys._current_frames()[threading.main_thread().ident or 0]
    pairs = [one for one, _ in traceback.walk_stack(frame)]
    own = [one for one in pairs if not is_library(one.f_code.co_filename) and not is_plumbing(one.f_code.co_filename)]
    chosen = (own or pairs)[0]
    try:
        return short(eval(expression, chosen.f_globals, dict(chosen.f_locals)))
    except Exception as problem:
        return f"*** {type(problem).__name__}: {problem}"
