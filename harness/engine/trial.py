"""A reply sent on trial: whether it would travel with Python's own names as a task has left them."""

import asyncio
import contextlib
import os
import signal
import threading
import time
import warnings
from typing import Any

from zmq.constants import PollEvent, SocketType
from zmq.sugar.context import Context

from .names import TrueNames
from .threads import Shield

PATIENCE = 1.0
"""Seconds that a loop has to take a turn."""
ALL = 3.0
"""Seconds that the trial may take."""
_end = os._exit
"""Bound here, as a task may replace it."""


def would_travel(names: TrueNames, shield: Shield, session: Any, reply: dict[str, Any]) -> bool:
    """Send the reply to ourselves and have an event loop take a turn, both with the task's names in place.

    That is done by a fork of this process: here, threads that are not on trial would meet the names as well. Where no
    process can be had the answer is yes, as nothing tells otherwise.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # since 3.12 one about threads, which the fork has no use for
            pid = os.fork()
    except OSError:
        return True
    if pid == 0:
        travels = False
        try:
            shield.down()
            travels = _travels(names, session, reply)
        finally:
            _end(0 if travels else 1)
    limit = time.monotonic() + ALL
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status == 0
        if time.monotonic() > limit:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return False
        time.sleep(0.001)


def _travels(names: TrueNames, session: Any, reply: dict[str, Any]) -> bool:
    kind, ready = SocketType.PAIR, PollEvent.POLLIN | PollEvent.POLLOUT
    session.pid = os.getpid()  # else it sends nothing from a fork
    turned: list[bool] = []
    loop = asyncio.new_event_loop()

    def turn() -> None:
        with contextlib.suppress(Exception):
            loop.call_soon(loop.stop)
            loop.run_forever()
            turned.append(True)

    context = Context()
    here, there = context.socket(kind), context.socket(kind)
    here.bind("inproc://reply")
    there.connect("inproc://reply")
    thread = threading.Thread(target=turn, daemon=True)
    names.give()
    session.send(here, "apply_reply", reply)
    arrived: int = there.EVENTS
    thread.start()
    thread.join(PATIENCE)
    names.put_back()
    return arrived == ready and bool(turned)
