"""The event file of one engine incarnation: one JSON object a line, on disk before the engine answers."""

import json
import os
from pathlib import Path
from time import time as true_time  # what tasks read may be shifted
from typing import Any

from harness.engine.values import json_bytes


class EventFile:
    """Appends events; each gets an id such as `e1-7`, the seventh event of engine 1.

    A replacement of an engine carries a letter more: `e1b-1` is the first event of engine 1's second process.
    """

    def __init__(self, path: Path, prefix: str) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self._prefix = prefix
        self._count = 0

    def write(self, kind: str, task: int | None = None, **data: Any) -> str:
        """Append one event and return its id. A write that fails raises OSError: evidence is not dropped silently."""
        self._count += 1
        name = f"{self._prefix}-{self._count}"
        event = {"id": name, "kind": kind, "time": true_time(), "task": task, "data": data}
        os.write(self._descriptor, json_bytes(json.dumps(event, default=str, ensure_ascii=False) + "\n"))
        return name

    def close(self) -> None:
        os.close(self._descriptor)
