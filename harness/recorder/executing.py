"""Text that a client has engines execute, kept as a call that a replay can make."""

import tempfile
from typing import Any

from ipyparallel.serialize import pack_apply_message


def as_call(code: str) -> list[bytes]:
    """Parts of the message that has this text executed by `cell`."""
    return pack_apply_message(cell, (code,), {})


def cell(code: str) -> None:
    """Execute text as an engine does, magics and all, in a namespace in which nothing is. Raises what it raises."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    quiet = Config({"HistoryManager": {"enabled": False}})
    with tempfile.TemporaryDirectory() as folder:
        shell: Any = InteractiveShell.instance(config=quiet, ipython_dir=folder, user_ns={})
        shell.showtraceback = shell.showsyntaxerror = lambda *args, **kwargs: None
        shell.run_cell(code, silent=True).raise_error()
