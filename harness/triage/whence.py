"""What a run's manifest says of the process that records it, and of the versions that it does so with."""

import functools
import os
import platform
import socket
from importlib import metadata
from typing import Any

from harness.cluster import folders


def whence() -> dict[str, Any]:
    """For a run's manifest: the process that records it, and the versions that it does so with."""
    return {"host": socket.gethostname(), "process": folders.identify(os.getpid()), "versions": versions()}


@functools.cache  # reading them takes as long as recording a few tasks
def versions() -> dict[str, str]:
    """Python's version and those of the packages that decide how tasks travel."""
    names = ("ipyparallel", "ipykernel", "ipython", "pyzmq", "cloudpickle", "loguru", "numpy", "pandas")
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in names}}
