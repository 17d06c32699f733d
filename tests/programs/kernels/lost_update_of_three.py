"""Three tasks add to a counter in a file; the twin holds a lock while it does."""

import fcntl
from pathlib import Path
from tempfile import TemporaryDirectory


def add(folder, many):
    file = Path(folder) / "count"
    file.write_text(str(int(file.read_text()) + many))


def add_locked(folder, many):
    with open(Path(folder) / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        add(folder, many)


def count(view, function):
    with TemporaryDirectory() as folder:
        (Path(folder) / "count").write_text("0")
        view.map_async(function, [folder] * 3, [1, 2, 3]).get()
        return int((Path(folder) / "count").read_text())


def broken(view):
    assert count(view, add) == 6


def correct(view):
    assert count(view, add_locked) == 6
