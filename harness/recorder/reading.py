"""Results unpickled where they can do no harm: not in the client's input thread, on which every other answer waits."""

import contextlib
import queue
import re
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ipyparallel as ipp

from harness.engine.values import message_of
from harness.recorder import answers

_LOOKS_UP = re.compile(b"\x93")
"""The pickle opcode STACK_GLOBAL: what a result without it holds is made by pickle alone, and runs nobody's code."""


@contextlib.contextmanager
def apart(client: ipp.Client, lost: Callable[[str, BaseException], None]) -> Iterator[None]:
    """While open, a result that runs code when it is unpickled is unpickled in a thread of its own, one at a time.

    ipyparallel does it in the thread that hears all answers: what raises there is never answered, and what does not
    end keeps every later answer back. Here the former is answered with a RemoteError, of which `lost` is told with the
    message's id; the latter keeps back only results of its kind, as the client's own code can still be stopped.
    """
    handle = client._queue_handlers["apply_reply"]
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def read(message: Any) -> None:
        try:
            handle(message)
        except BaseException as error:
            msg_id = answers.message_id(message)
            lost(msg_id, error)
            answer = ipp.error.RemoteError(type(error).__name__, message_of(error), traceback.format_exc())
            client.results[msg_id] = answer
            if (future := client._futures.get(msg_id)) is not None and not future.done():
                future.set_result(answer)

    def read_all() -> None:
        while (message := waiting.get()) is not None:
            read(message)

    def sort(message: Any) -> None:
        if any(map(_LOOKS_UP.search, _pickled(message))):
            waiting.put(message)
        else:
            read(message)

    reader = threading.Thread(target=read_all, name="harness-results", daemon=True)
    reader.start()
    client._queue_handlers["apply_reply"] = sort
    try:
        yield
    finally:
        client._queue_handlers["apply_reply"] = handle
        waiting.put(None)


def _pickled(message: Any) -> Sequence[Any]:
    """The parts of a reply that are unpickled; of one with many engines' results all parts, as any may be."""
    return message["buffers"] if message["metadata"].get("is_coalescing") else message["buffers"][:1]
