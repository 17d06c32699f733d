"""Two tasks build a cache unless it is there; the twin lets the system decide who creates it."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory


def build(folder):
    cache = Path(folder) / "cache"
    if not cache.exists():
        cache.write_text("lemmas")
        return True
    return False


def build_exclusively(folder):
    try:
        descriptor = os.open(Path(folder) / "cache", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    except FileExistsError:
        return False
    os.write(descriptor, b"lemmas")
    os.close(descriptor)
    return True


def built(view, function):
    with TemporaryDirectory() as folder:
        return sum(view.map_async(function, [folder] * 2).get())


def broken(view):
    assert built(view, build) == 1


def correct(view):
    assert built(view, build_exclusively) == 1
