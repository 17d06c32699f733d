"""Pruning: the newest stay, what goes on stays, and nothing outside a run directory is touched."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import store
from harness.store import prune
from harness.store.prune import Kept

DAY = 86400.0


def recorded(runs: Path, days_ago: float, *, ended: bool = True, size: int = 0) -> store.Run:
    """A run that began so long ago, with a file of `size` bytes."""
    writer = store.create(runs, "target", "mine", engines=1, backend="forked")
    started = time.time() - days_ago * DAY
    manifest = {"run": writer.folder.name, "target": "target", "engines": 1, "backend": "forked", "started": started}
    store.replace_file(
        writer.folder / "manifest.json",
        store.as_json(store.Manifest(**manifest, ended=started + 1 if ended else None)),
    )
    (writer.folder / "engine-0.out").write_bytes(b"x" * size)
    return store.Run(writer.folder)


def names(runs: Path) -> set[str]:
    return {run.name for run in store.all_runs(runs)}


def test_runs_older_than_the_age_go_and_latest_points_at_the_newest_left(tmp_path: Path):
    young = recorded(tmp_path, 1)
    old = recorded(tmp_path, 40)
    assert (tmp_path / "latest").resolve() == old.folder  # it was made last
    prune.delete(tmp_path, prune.too_many(prune.candidates(tmp_path), older=30 * DAY))
    assert names(tmp_path) == {young.name}
    assert (tmp_path / "latest").resolve() == young.folder
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([young.name, "latest"])


def test_the_newest_stay_by_number(tmp_path: Path):
    made = [recorded(tmp_path, days) for days in (5, 3, 4, 1)]
    prune.delete(tmp_path, prune.too_many(prune.candidates(tmp_path), number=2))
    assert names(tmp_path) == {made[3].name, made[1].name}


def test_a_run_that_may_be_going_on_stays_and_one_cut_off_long_ago_goes(tmp_path: Path):
    going = recorded(tmp_path, 0, ended=False)
    cut = recorded(tmp_path, 2, ended=False)
    for path in (cut.folder, *cut.folder.rglob("*")):
        os.utime(path, (time.time() - DAY, time.time() - DAY))
    prune.delete(tmp_path, prune.too_many(prune.candidates(tmp_path), number=0))
    assert names(tmp_path) == {going.name}


def test_links_out_of_a_run_directory_are_not_followed(tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("kept")
    runs = tmp_path / "runs"
    run = recorded(runs, 3)
    (run.folder / "stacks" / "link").symlink_to(outside)
    (runs / "20200101T000000-linked-mine-abcd").symlink_to(outside)
    prune.delete(runs, prune.too_many(prune.candidates(runs), number=0))
    assert (outside / "precious").read_text() == "kept"
    assert not run.folder.exists()


@given(
    st.lists(st.tuples(st.floats(0, 100), st.integers(0, 1000), st.booleans()), max_size=12),
    st.none() | st.integers(0, 12),
    st.none() | st.integers(0, 4000),
    st.none() | st.floats(0, 100),
)
def test_what_stays_keeps_every_limit_as_far_as_runs_that_go_on_allow(described, number, size, older):
    now = time.time()
    found = sorted(
        (Kept(store.Run(Path(str(i))), now - days * DAY, size, on) for i, (days, size, on) in enumerate(described)),
        key=lambda kept: -kept.started,
    )
    doomed = prune.too_many(found, older=None if older is None else older * DAY, number=number, size=size)
    left = [kept for kept in found if kept not in doomed]
    ended = [kept for kept in left if not kept.going_on]
    assert not any(kept.going_on for kept in doomed)
    if number is not None:
        assert len(ended) <= number
    if size is not None and ended:
        assert sum(kept.size for kept in left[: left.index(ended[-1]) + 1]) <= size
    if older is not None:
        assert all(kept.started >= now - older * DAY - 1 for kept in ended)


@pytest.mark.parametrize("limits", [{"older": DAY}, {"number": 3}, {"size": 10**9}])
def test_runs_within_the_limits_stay(tmp_path: Path, limits: dict):
    for days in (0.1, 0.2, 0.3):
        recorded(tmp_path, days)
    assert prune.too_many(prune.candidates(tmp_path), **limits) == []
