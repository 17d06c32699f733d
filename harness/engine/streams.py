"""The streams that the kernel flushes before each reply: one that can't be flushed would keep the reply from coming."""

import sys
from typing import Any

NAMES = ("stdout", "stderr")


class Streams:
    """Stands a whole stream in for a broken one while a reply is sent; the next task finds the broken one again."""

    def __init__(self) -> None:
        self._whole = {name: getattr(sys, name) for name in NAMES}
        self._broken: dict[str, Any] = {}

    def replace_broken(self) -> bool:
        """Whether a stream had to be replaced. Those that a task did not touch are taken to be whole."""
        for name in NAMES:
            stream = getattr(sys, name, None)
            if stream is not self._whole[name]:
                try:
                    stream.flush()  # type: ignore[union-attr]
                except BaseException:
                    self._broken[name] = stream
                    setattr(sys, name, self._whole[name])
        return bool(self._broken)

    def put_back(self) -> None:
        if not self._broken:
            return
        for name, stream in self._broken.items():
            if getattr(sys, name) is self._whole[name]:
                setattr(sys, name, stream)
        self._broken.clear()
