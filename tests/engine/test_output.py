"""What tasks write to stdout and stderr: told apart by task, bounded, there when the engine dies."""

import pytest

from harness.engine.output import KEPT, SOON, Output
from harness.recorder import Target
from harness.store.attempts import attempts, output_of
from harness.triage import execute
from tests.programs import HERE


def outputs(cluster, folder, how):
    """The run, and what each task wrote."""
    run = execute(Target(HERE / "floods.py", "floods"), cluster, folder, arguments=(how,), deadline=60)
    return run, {attempt.task: output_of(run, attempt) for attempt in attempts(run)}


def test_each_task_has_what_it_wrote_in_the_order_in_which_it_wrote_it(cluster, tmp_path):
    _, written = outputs(cluster, tmp_path, "chatter")
    words = ("first", "second", "third", "fourth")
    assert written == {n: f"{word} to stdout\n{word} to stderr\n" for n, word in enumerate(words, 1)}


@pytest.mark.parametrize("how", ["flood", "flood_below_python"])
def test_of_a_flood_the_beginning_and_the_end_are_kept_and_the_sign_says_so(cluster, tmp_path, how):
    run, written = outputs(cluster, tmp_path, how)
    flooded = next(text for text in written.values() if "left out here" in text)
    assert 2 * KEPT <= len(flooded) < 2 * KEPT + 200
    assert flooded.startswith((" " * 98 + "0\n", "xxx"))
    assert "after to stdout" in written[max(written)]
    sizes = [file.stat().st_size for file in run.folder.glob("engine-*.out")]
    assert sum(sizes) < 3 * KEPT
    [event] = run.of_kind("output-truncated")
    assert event.data["bytes"] > 29_000_000
    assert "output-truncated" in run.outcome.signs


def test_what_a_task_wrote_before_its_engine_died_is_there(cluster, tmp_path):
    run, written = outputs(cluster, tmp_path, "last_words")
    assert run.outcome.outcome == "crash"
    assert written == {1: "last words\n"}


def test_a_part_that_goes_on_is_bounded_while_it_is_written(tmp_path):
    output = Output(tmp_path / "engine-0.out")
    output.write("before\n")
    begin = output.begin()
    lines = 0
    for _ in range(4):
        for _ in range(SOON // 10 + KEPT):
            output.write("123456789\n")
            lines += 1
        output.stand()
        assert (tmp_path / "engine-0.out").stat().st_size < 3 * KEPT
    assert output.end()[0] == begin == len("before\n")
    content = (tmp_path / "engine-0.out").read_bytes()
    dropped = int(content.split(b"[... ")[1].split()[0].replace(b",", b""))
    note = len(content.split(b"\n[... ")[1].split(b"]")[0]) + len("\n[... ]\n")
    assert dropped + len(content) - note - begin == lines * 10
    assert content.endswith(b"123456789\n")


def test_many_tasks_that_write_much_do_not_fill_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("harness.engine.output.ROOM", 4 * KEPT)
    output = Output(tmp_path / "engine-0.out")
    for _ in range(50):
        output.begin()
        output.write("x" * 10 * KEPT)
        output.end()
    assert (tmp_path / "engine-0.out").stat().st_size < 8 * KEPT
