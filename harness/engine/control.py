"""Questions that an engine answers on its control thread while a task runs: its stacks, what its threads wait for."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from .frames import all_stacks
from .waits import all_waits

REQUEST = "harness_request"
REPLY = "harness_reply"


@contextlib.contextmanager
def answering(kernel: Any) -> Iterator[None]:
    """While open, a `harness_request` on the control channel with content {"ask": "stacks"} gets a `harness_reply`.

    Questions are `stacks` (frames.all_stacks) and `waits` (waits.all_waits).
    """
    answers: dict[str, Callable[[], Any]] = {
        "stacks": all_stacks,
        "waits": partial(all_waits, {thread.ident for thread in threading.enumerate()}),
    }

    def handle(stream: Any, ident: Any, parent: Any) -> None:
        ask = parent["content"]["ask"]
        try:
            content = {"status": "ok", "answer": answers[ask]()}
        except Exception as problem:
            content = {"status": "error", "answer": f"{type(problem).__name__}: {problem}"}
        kernel.session.send(stream, REPLY, content, parent=parent, ident=ident)

    kernel.control_handlers[REQUEST] = handle
    try:
        yield
    finally:
        del kernel.control_handlers[REQUEST]
