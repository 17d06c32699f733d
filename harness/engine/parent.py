"""How a process ends with the one that started it, however that ends."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends; end at once if that has happened already. Linux only.

    The parent is the thread that started it: that one must not end before.
    """
    if (control := getattr(ctypes.CDLL(None), "prctl", None)) is not None:
        control(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
