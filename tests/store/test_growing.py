"""A run that goes on is read piece by piece: each event once, in its writer's order, never a part of one."""

import json

from hypothesis import given
from hypothesis import strategies as st

from harness.store import Run
from harness.store.growing import GrowingEvents
from harness.store.schema import WHAT_EVENTS_SAY

KINDS = st.text(max_size=12).filter(lambda kind: kind not in WHAT_EVENTS_SAY)
LINES = st.lists(KINDS, max_size=12)


@given(engines=st.lists(LINES, min_size=1, max_size=3), cuts=st.lists(st.integers(1, 40), max_size=30))
def test_however_files_grow_each_event_is_read_once_and_whole(tmp_path_factory, engines, cuts):
    folder = tmp_path_factory.mktemp("run")
    (folder / "events").mkdir()
    left = {}
    for engine, kinds in enumerate(engines):
        events = [{"id": f"e{engine}-{n}", "kind": kind, "time": float(n)} for n, kind in enumerate(kinds)]
        left[engine] = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events).encode(
            "utf-8", "replace"
        )
    growing, found = GrowingEvents(folder), []
    for number, cut in enumerate([*cuts, *[10**6] * len(engines)]):
        engine = number % len(engines)
        piece, left[engine] = left[engine][:cut], left[engine][cut:]
        with (folder / "events" / f"engine-{engine}-1.jsonl").open("ab") as file:
            file.write(piece)
        found += growing.new()
    for engine in left:
        with (folder / "events" / f"engine-{engine}-1.jsonl").open("ab") as file:
            file.write(left[engine])
    found += growing.new()
    expected = Run(folder).events
    assert sorted(step.id for step in found) == sorted(event.id for event in expected)
    for engine in range(len(engines)):
        assert [(step.id, step.kind, step.time) for step in found if step.engine == engine] == [
            (event.id, event.kind, event.time) for event in expected if event.engine == engine
        ]
    assert growing.new() == []


def test_what_engines_do_not_say_the_way_they_do_is_left_out(tmp_path):
    (tmp_path / "events").mkdir()
    lines = ['{"id": "e0-1", "kind": "end", "time": 1.0, "data": {"status": 7}}', "not json", "[]", '{"id": "e0-2"}']
    (tmp_path / "events" / "engine-0-1.jsonl").write_text("\n".join([*lines, _begin("e0-3")]) + "\n")
    (tmp_path / "events" / "client.jsonl").write_text(_begin("c-1") + "\n")
    (tmp_path / "events" / "engine-1-1.jsonl").symlink_to("client.jsonl")
    assert [(step.id, step.task, step.data.label) for step in GrowingEvents(tmp_path).new()] == [("e0-3", 3, "amzn")]


def _begin(name):
    return json.dumps({"id": name, "kind": "begin", "time": 1.0, "task": 3, "data": {"label": "amzn", "pid": 1}})


def test_a_line_that_is_not_whole_yet_is_read_when_it_is(tmp_path):
    (tmp_path / "events").mkdir()
    file = tmp_path / "events" / "engine-0-1.jsonl"
    growing = GrowingEvents(tmp_path)
    file.write_text('{"id": "e0-1", "kind": "a", "time": 1.0}\n{"id": "e0-2", "ki')
    assert [step.id for step in growing.new()] == ["e0-1"]
    with file.open("a") as more:
        more.write('nd": "b", "time": 2.0}\nnot json\n')
    assert [(step.id, step.kind) for step in growing.new()] == [("e0-2", "b")]
