"""Whether a run without an end is still being recorded, or was cut off."""

import socket

from harness.cluster import folders
from harness.store import Run


def goes_on(run: Run) -> bool:
    """Whether the process that records the run is alive; False where that is not known or it ran on another machine."""
    manifest = run.manifest
    if not run.cut_off or manifest.process is None or manifest.host != socket.gethostname():
        return False
    return folders.is_alive(manifest.process)
