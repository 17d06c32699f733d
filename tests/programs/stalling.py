"""A task that waits for something that a search does not see, and one that kills its engine."""

import os
import signal


def wait_unseen():
    os.read(os.pipe()[0], 1)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def main(view):
    view.apply_async(wait_unseen).get()


def dead(view):
    view.apply_async(die).get()
