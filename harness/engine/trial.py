"""A reply sent on trial: whether it would travel with Python's own names as a task has left them."""

import asyncio
import contextlib
import threading
from typing import Any

from zmq.constants import PollEvent, SocketType
from zmq.sugar.context import Context

from .names import TrueNames

PATIENCE = 1.0


def would_travel(names: TrueNames, session: Any, reply: dict[str, Any]) -> bool:
    """Send the reply to ourselves and have an event loop take a turn, both with the task's names in place."""
    kind, ready = SocketType.PAIR, PollEvent.POLLIN | PollEvent.POLLOUT
    turned: list[bool] = []
    loop = asyncio.new_event_loop()

    def turn() -> None:
        with contextlib.suppress(Exception):
            loop.call_soon(loop.stop)
            loop.run_forever()
            turned.append(True)

    with Context() as context, context.socket(kind) as here, context.socket(kind) as there:
        here.bind("inproc://reply")
        there.connect("inproc://reply")
        thread = threading.Thread(target=turn, daemon=True)
        names.give()
        try:
            session.send(here, "apply_reply", reply)
            arrived: int = there.EVENTS
            thread.start()
            thread.join(PATIENCE)
        except BaseException:
            return False
        finally:
            names.put_back()
            loop.call_soon_threadsafe(loop.stop)
            if thread.ident is not None:
                thread.join(PATIENCE)
            if not loop.is_running():
                loop.close()
        return arrived == ready and bool(turned)
