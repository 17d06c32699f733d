"""Messages between the zygote and those who talk to it: one JSON object a line, over a Unix stream socket."""

import json
from typing import Any

Message = dict[str, Any]
CHUNK = 65536

ABORT_QUEUED = "harness_abort_request"
"""A message to the hub: answer these tasks, if they still wait in the scheduler's queue, with TaskAborted."""
SCHEDULER_HERE = "harness_scheduler_here"
"""A message to the hub: its sender is the task scheduler."""
GREETING = "harness_greeting"
"""A message to the hub: publish something on each channel that its sender has subscribed to."""


class Lines:
    """Cuts a stream of bytes into messages, whatever the pieces it arrives in."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Message]:
        """The messages completed by `data`; raises ValueError on a line that is not a JSON object."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        messages = [json.loads(line) for line in whole if line]
        for message in messages:
            if not isinstance(message, dict):
                raise ValueError(f"a message must be a JSON object, not {type(message).__name__}")
        return messages


def encode(message: Message) -> bytes:
    """One message as a line. Values that JSON lacks are a mistake of ours: TypeError."""
    return json.dumps(message).encode() + b"\n"
