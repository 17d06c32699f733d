"""Questions that an engine answers on its control thread while a task is running: its stacks, for now."""

import contextlib
from collections.abc import Iterator
from typing import Any

from harness.engine.frames import all_stacks

REQUEST = "harness_request"
REPLY = "harness_reply"
_ANSWERS = {"stacks": all_stacks}


@contextlib.contextmanager
def answering(kernel: Any) -> Iterator[None]:
    """While open, a `harness_request` on the control channel with content {"ask": "stacks"} gets a `harness_reply`."""

    def handle(stream: Any, ident: Any, parent: Any) -> None:
        ask = parent["content"]["ask"]
        try:
            content = {"status": "ok", "answer": _ANSWERS[ask]()}
        except Exception as problem:
            content = {"status": "error", "answer": f"{type(problem).__name__}: {problem}"}
        kernel.session.send(stream, REPLY, content, parent=parent, ident=ident)

    kernel.control_handlers[REQUEST] = handle
    try:
        yield
    finally:
        del kernel.control_handlers[REQUEST]
