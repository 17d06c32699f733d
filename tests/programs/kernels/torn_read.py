"""One task rewrites a file that another reads; the twin replaces it in one step."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory


def rewrite(folder):
    with open(Path(folder) / "state.json", "w") as file:
        json.dump({"tweets": 2}, file)


def replace(folder):
    draft = Path(folder) / "state.draft"
    draft.write_text(json.dumps({"tweets": 2}))
    os.replace(draft, Path(folder) / "state.json")


def read(folder):
    return json.loads((Path(folder) / "state.json").read_text())["tweets"]


def both(view, write):
    with TemporaryDirectory() as folder:
        (Path(folder) / "state.json").write_text('{"tweets": 1}')
        writing = view.apply_async(write, folder)
        seen = view.apply_async(read, folder).get()
        writing.get()
        return seen


def broken(view):
    assert both(view, rewrite) in (1, 2)


def correct(view):
    assert both(view, replace) in (1, 2)
