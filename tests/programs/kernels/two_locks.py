"""Two tasks move a tweet between two files, each locking both; the twin locks them in one order."""

import fcntl
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory


def move(folder, names):
    with ExitStack() as stack:
        for name in names:
            file = stack.enter_context(open(Path(folder) / name, "a"))
            fcntl.flock(file, fcntl.LOCK_EX)


def both(view, one, other):
    with TemporaryDirectory() as folder:
        view.map_async(move, [folder] * 2, [one, other]).get()


def broken(view):
    both(view, ["amzn", "msft"], ["msft", "amzn"])


def correct(view):
    both(view, ["amzn", "msft"], ["amzn", "msft"])
