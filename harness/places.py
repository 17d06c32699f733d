"""Where things are: the clone with its data and models, and the workspace that holds a learner's runs and progress."""

import os
from pathlib import Path

WORKSPACE = "HARNESS_WORKSPACE"
"""The variable that names the workspace."""
STATE = ".harness"
"""The folder in a workspace that holds what the harness remembers."""
CLONE = Path(__file__).resolve().parent.parent
DATA = CLONE / "data"
TWEETS = DATA / "tweets"
CACHE = DATA / "cache"
MODELS = CLONE / "models"
FIGURES = CLONE / "figures"


def workspace() -> Path:
    """The folder whose `exercises/`, `runs/` and `.harness/` are used.

    `$HARNESS_WORKSPACE` if set; else the nearest folder at or above the current one that holds both
    `exercises/` and `solutions/`; else the current folder (a practitioner's own project).
    """
    if named := os.environ.get(WORKSPACE):
        return Path(named).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "exercises").is_dir() and (folder / "solutions").is_dir():
            return folder
    return here


def runs() -> Path:
    """The folder that run directories are written to."""
    return workspace() / "runs"


def state() -> Path:
    """The folder of what the harness remembers between calls: progress, pinned runs, the warm cluster."""
    return workspace() / STATE
