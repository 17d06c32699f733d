"""Which runs to delete, by age, number and size, and deleting one so that no reader ever sees a part of it."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import BadInput, CannotWork
from harness.store.reader import Run, all_runs
from harness.store.writer import point_latest_at

STILL_GOING = 3600.0
"""Seconds without a change after which a run without an end counts as cut off, not as going on."""


@dataclass(frozen=True)
class Kept:
    """A run as a candidate: when it began (seconds since the epoch), its bytes on disk, and whether it may be on."""

    run: Run
    started: float
    size: int
    going_on: bool


def candidates(runs: Path) -> list[Kept]:
    """The runs of a folder, newest first; one whose manifest cannot be read began when it was last changed."""
    found = [_kept(run) for run in all_runs(runs)]
    return sorted(found, key=lambda kept: kept.started, reverse=True)


def _kept(run: Run) -> Kept:
    stats = [path.lstat() for path in run.folder.rglob("*")]
    changed = max((stat.st_mtime for stat in stats), default=run.folder.lstat().st_mtime)
    size = sum(stat.st_size for stat in stats)
    try:
        started, ended = run.manifest.started, run.manifest.ended
    except BadInput:
        started, ended = changed, changed
    return Kept(run, started, size, ended is None and time.time() - changed < STILL_GOING)


def too_many(
    found: Sequence[Kept], *, older: float | None = None, number: int | None = None, size: int | None = None
) -> list[Kept]:
    """Those to delete so that none is `older` (seconds), at most `number` stay, and these have `size` bytes at most.

    `found` is newest first, and the newest stay. A run that may still be going on always stays.
    """
    deleted, stayed, bytes_kept = [], 0, 0
    now = time.time()
    for kept in found:
        over = (
            (older is not None and now - kept.started > older)
            or (number is not None and stayed >= number)
            or (size is not None and bytes_kept + kept.size > size)
        )
        if over and not kept.going_on:
            deleted.append(kept)
        else:
            stayed += 1
            bytes_kept += kept.size
    return deleted


def delete(runs: Path, doomed: Sequence[Kept]) -> None:
    """Delete runs of a folder; `latest` points at the newest that stays. Raises CannotWork if one can't be deleted."""
    for kept in doomed:
        out_of_sight = runs / f".pruned-{kept.run.name}"
        try:
            kept.run.folder.rename(out_of_sight)
            shutil.rmtree(out_of_sight)
        except OSError as problem:
            raise CannotWork(
                f"cannot delete {kept.run.folder}: {problem.strerror}; see who owns it, then prune again"
            ) from problem
    latest, left = runs / "latest", candidates(runs)
    if latest.is_symlink() and not latest.exists():
        latest.unlink()
        if left:
            point_latest_at(left[0].run.folder)
