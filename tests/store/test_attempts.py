"""Attempts at tasks, read from the events of a run: what each cost, where it ran, what is not known of it."""

from harness import store
from harness.engine.events import EventFile
from harness.store.attempts import attempts, output_of
from harness.store.reader import Run


def test_attempts_are_told_apart_with_their_engine_their_output_and_their_end(tmp_path):
    writer = store.create(tmp_path, "test", "mine", engines=2, backend="test")
    (writer.folder / "engine-0.out").write_text("aaalost")
    (writer.folder / "engine-1.out").write_text("bbbb")
    writer.event("submitted", 1)
    writer.event("submitted", 2)
    first = EventFile(writer.folder / "events" / "engine-0-1.jsonl", "e0")
    first.write("engine-ready", pid=1, output=0)
    first.write("received", 1, bytes=10, output=3)
    first.write("begin", 1, function="work", label="amzn", pid=1)
    second = EventFile(writer.folder / "events" / "engine-1-2.jsonl", "e1")
    second.write("received", 1, bytes=10, output=0)
    second.write("begin", 1, function="work", label="amzn", pid=2)
    cost = {"unpack": 0.1, "wait": 0.0, "run": 0.5, "pack": 0.1}
    second.write("end", 1, status="ok", seconds=cost, cpu=0.4, bytes=5, rss=1000, peak=None, output=[0, 4])
    writer.event("reply", 1, status="ok")

    run = Run(writer.folder)
    lost, served, waiting = attempts(run)
    assert (lost.task, lost.number, lost.engine, lost.pid, lost.ended, lost.status) == (1, 1, 0, 1, None, "")
    assert (served.number, served.engine, served.pid, served.status, served.back) == (2, 1, 2, "ok", 5)
    assert (served.seconds["run"], served.cpu, served.memory, served.sent) == (0.5, 0.4, 1000, 10)
    assert lost.submitted == served.submitted <= lost.received <= served.received <= served.ended <= served.replied
    assert (waiting.task, waiting.engine, waiting.received) == (2, None, None)
    assert [output_of(run, one) for one in (lost, served, waiting)] == ["lost", "bbbb", ""]


def test_positions_that_make_no_sense_give_nothing(tmp_path):
    writer = store.create(tmp_path, "test", "mine", engines=1, backend="test")
    (writer.folder / "engine-0.out").write_text("text")
    events = EventFile(writer.folder / "events" / "engine-0-1.jsonl", "e0")
    for task, begin in enumerate((-5, 10**15, "x", None), 1):
        events.write("received", task, bytes=10, output=begin)
    run = Run(writer.folder)
    assert [output_of(run, one) for one in attempts(run)] == ["text", "", "", ""]
