"""The kernel's threads beside the task: kept from what tasks make of Python's own names, and woken if it hit them."""

import builtins
import sys
from collections import deque
from itertools import repeat
from types import ModuleType
from typing import Any

_MODULES = (
    "_frozen_importlib",
    "asyncio.base_events",
    "asyncio.events",
    "asyncio.futures",
    "asyncio.selector_events",
    "asyncio.tasks",
    "enum",
    "ipykernel.iostream",
    "ipykernel.kernelbase",
    "ipykernel.thread",
    "json.decoder",
    "json.encoder",
    "jupyter_client.jsonutil",
    "jupyter_client.session",
    "linecache",
    "logging",
    "queue",
    "selectors",
    "threading",
    "tornado.ioloop",
    "tornado.platform.asyncio",
    "traceback",
    "traitlets.traitlets",
    "zmq.eventloop.zmqstream",
    "zmq.sugar.attrsettr",
    "zmq.sugar.poll",
    "zmq.sugar.socket",
)
"""What runs in these threads, besides this package."""

_TRUE = {
    name: getattr(builtins, name)
    for name in """
    all any bool bytes callable dict enumerate float getattr hasattr hash id int isinstance issubclass iter len list
    map max min next print range repr reversed set setattr sorted str sum super tuple type vars zip
    """.split()  # noqa: SIM905
}
"""Bound when this is imported, before any task of a run."""


class Shield:
    """While up, these threads find Python's own functions, whatever a task replaces.

    Until the task has run its names are in place. With another `len` asyncio's loop miscounts what it is to call, which
    ends the thread that sends output and the one that answers questions; what waits for them, waits.
    """

    def __init__(self) -> None:
        self._given: list[tuple[dict[str, Any], dict[str, Any]]] = []

    def up(self) -> None:
        """Have these functions among the names of each module that runs there."""
        own = {each.__name__ for each in vars(sys.modules[__package__]).values() if isinstance(each, ModuleType)}
        for module in [sys.modules[name] for name in (*_MODULES, *own) if name in sys.modules]:
            names = vars(module)
            added = {one: true for one, true in _TRUE.items() if one not in names}
            names.update(added)
            self._given.append((names, added))

    def down(self) -> None:
        """Have the modules as they were."""
        for names, added in self._given:
            deque(map(names.pop, added, repeat(None)), 0)  # two thousand: C calls itself
        self._given = []


def wake(kernel: Any) -> None:
    """Have these threads look at their sockets again.

    Where a callback fails, pyzmq's streams don't look whether more has come, and are not told of it a second time.
    """
    output = kernel.iopub_socket
    for stream in (output._event_puller, kernel.control_stream):
        stream.io_loop.add_callback(stream._rebuild_io_state)
    output.schedule(lambda: None)  # what was announced and not called goes with the next
