"""Run directories are made, moved and pointed at."""

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
