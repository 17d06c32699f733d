"""Makes sure that a new client hears what is published before anything is asked of it.

A subscription takes effect some milliseconds after `ipyparallel.Client` has returned. Until then outputs of tasks
are lost and, worse, the notice that an engine has died, without which its tasks are waited for in vain.
"""

import threading
import time
from typing import Any

from harness.cluster.messages import GREETING
from harness.errors import CannotWork

PATIENCE = 0.02
"""Seconds to wait for a greeting to come back before sending another one."""


def greet(client: Any, limit: float) -> None:
    """Send greetings to the hub until one has come back on both channels that the client has subscribed to.

    `limit` is a time of `time.monotonic`; CannotWork is raised then.
    """
    sent: set[str] = set()
    noticed = threading.Event()

    def notice(event: dict[str, Any]) -> None:
        if event["uuid"] in sent:
            noticed.set()

    client._registration_callbacks.append(notice)
    try:
        while not (noticed.is_set() and sent & client.metadata.keys()):
            if time.monotonic() > limit:
                raise CannotWork("the cluster's controller does not publish what it should: start the cluster again")
            message = client.session.msg(GREETING)
            sent.add(message["header"]["msg_id"])
            client._io_loop.add_callback(client.session.send, client._query_stream, message)
            _wait(lambda: noticed.is_set() and bool(sent & client.metadata.keys()))
    finally:
        client._registration_callbacks.remove(notice)
        for each in sent:
            client.metadata.pop(each, None)


def _wait(heard: Any) -> None:
    limit = time.monotonic() + PATIENCE
    while not heard() and time.monotonic() < limit:
        time.sleep(0.001)
