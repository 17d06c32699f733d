"""A task takes tweets off a list in a file while another puts them on; in the twin both hold the lock."""

import fcntl
import json
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def locked(folder):
    with open(Path(folder) / "lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def put(folder, safe):
    queue = Path(folder) / "queue"
    for tweet in ("one", "two"):
        with locked(folder) if safe else nullcontext():
            queue.write_text(json.dumps([*json.loads(queue.read_text()), tweet]))


def take(folder, safe):
    queue = Path(folder) / "queue"
    taken = []
    for _ in range(2):
        with locked(folder) if safe else nullcontext():
            waiting = json.loads(queue.read_text())
            taken += waiting[:1]
            queue.write_text(json.dumps(waiting[1:]))
    return taken


def both(view, safe):
    with TemporaryDirectory() as folder:
        (Path(folder) / "queue").write_text("[]")
        putting = view.apply_async(put, folder, safe)
        taken = view.apply_async(take, folder, safe).get()
        putting.get()
        return sorted(taken + json.loads((Path(folder) / "queue").read_text()))


def broken(view):
    assert both(view, False) == ["one", "two"]


def correct(view):
    assert both(view, True) == ["one", "two"]
