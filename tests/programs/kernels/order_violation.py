"""One task uses what another publishes; the twin does not use it before it is there."""

from pathlib import Path
from tempfile import TemporaryDirectory


def publish(folder):
    (Path(folder) / "lexicon").write_text("good bad")


def use(folder):
    return (Path(folder) / "lexicon").read_text().split()


def broken(view):
    with TemporaryDirectory() as folder:
        published = view.apply_async(publish, folder)
        used = view.apply_async(use, folder)
        published.get()
        assert used.get() == ["good", "bad"]


def correct(view):
    with TemporaryDirectory() as folder:
        view.apply_async(publish, folder).get()
        assert view.apply_async(use, folder).get() == ["good", "bad"]
