"""Recorded runs that every version of the harness must be able to read; see README.md."""

import shutil
from pathlib import Path

from harness.store import Run

RUNS = Path(__file__).parent / "runs"
NAMES = ("exception", "hang", "crash", "wrong", "cut_off")
ROOT = Path("/home/learner/sandbox")
"""The workspace that they were recorded in."""


def golden(name: str) -> Run:
    return Run(RUNS / name)


def copied(name: str, workspace: Path) -> Run:
    """A golden run as one of a workspace's own, under the name it was recorded with."""
    target = workspace / "runs" / golden(name).manifest.run
    shutil.copytree(RUNS / name, target)
    return Run(target)
