"""A task clears the bell before it looks whether there is work, and another rings it; the twin looks after clearing."""

from pathlib import Path
from tempfile import TemporaryDirectory


def ring(folder):
    (Path(folder) / "work").touch()
    (Path(folder) / "bell").touch()


def wait(folder, careful):
    """One round of waiting: whether the work would be seen now, or the bell wakes the next round."""
    bell, work = Path(folder) / "bell", Path(folder) / "work"
    if careful:
        bell.unlink(missing_ok=True)
        return work.exists()
    seen = work.exists()
    bell.unlink(missing_ok=True)
    return seen


def both(view, careful):
    with TemporaryDirectory() as folder:
        ringing = view.apply_async(ring, folder)
        seen = view.apply_async(wait, folder, careful).get()
        ringing.get()
        return seen or (Path(folder) / "bell").exists()


def broken(view):
    assert both(view, False)


def correct(view):
    assert both(view, True)
