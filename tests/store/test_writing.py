"""Run directories are made, moved and pointed at."""

from pathlib import Path

from harness import store


def test_a_moved_run_reads_the_same_and_is_the_latest(tmp_path):
    older = store.create(tmp_path / "runs", "one", "mine", engines=2, backend="test")
    draft = store.create(tmp_path / "drafts", "two", "mine", engines=2, backend="test")
    draft.event("submitted", 1)
    moved = store.move(draft.folder, tmp_path / "runs")
    assert not draft.folder.exists()
    assert (tmp_path / "runs" / "latest").resolve() == moved
    assert [event.kind for event in store.Run(moved).events] == ["submitted"]
    assert {run.name for run in store.all_runs(tmp_path / "runs")} == {older.folder.name, moved.name}


def test_a_run_directory_named_from_here_is_known_by_its_whole_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = store.create(Path("runs"), "one", "mine", engines=2, backend="test")
    assert made.folder.is_absolute()  # engines write there from working directories of their own
    assert made.folder.parent == tmp_path / "runs"
