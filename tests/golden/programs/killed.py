"""A run whose harness is killed while a task is under way."""

import os
import signal
import time


def work(seconds):
    time.sleep(seconds)
    return seconds


def main(view):
    view.apply_sync(work, 0.01)
    view.apply_async(work, 30)
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGKILL)
