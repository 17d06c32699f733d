"""An engine's sys.stdout and sys.stderr: as ipykernel's, and every write is in the engine's output file at once."""

import contextlib
import os
from typing import Any

from ipykernel.iostream import OutStream


class TeeStream(OutStream):
    """Sends prints to the client as ever, and writes them to descriptor 1 or 2 before `write` returns.

    ipykernel puts a pipe and a thread between the descriptors and the world, and what is in them is lost when
    the process dies. Here the descriptors are left alone: what C code and child processes write goes to the
    engine's output file (and not to the client), and so does what Python prints.
    """

    tees_to_descriptor = True

    def __init__(self, session: Any, pub_thread: Any, name: str, **options: Any) -> None:
        super().__init__(session, pub_thread, name, **{**options, "watchfd": False})
        self._descriptor = {"stdout": 1, "stderr": 2}[name]

    def fileno(self) -> int:
        return self._descriptor

    def write(self, string: str) -> int | None:
        written = super().write(string)
        # the client gets its copy whether or not the descriptor still works
        with contextlib.suppress(OSError):
            os.write(self._descriptor, string.encode("utf-8", "backslashreplace"))
        return written
