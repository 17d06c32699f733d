"""A run that goes on is read piece by piece: each event once, in its writer's order, never a part of one."""

import json

from hypothesis import given
from hypothesis import strategies as st

from harness.store import Run
from harness.store.growing import GrowingEvents

LINES = st.lists(st.text(max_size=12), max_size=12)


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
    assert sorted(event.id for event in found) == sorted(event.id for event in expected)
    for engine in range(len(engines)):
        assert [event for event in found if event.engine == engine] == [
            event for event in expected if event.engine == engine
        ]
    assert growing.new() == []


def test_a_line_that_is_not_whole_yet_is_read_when_it_is(tmp_path):
    (tmp_path / "events").mkdir()
    file = tmp_path / "events" / "client.jsonl"
    growing = GrowingEvents(tmp_path)
    file.write_text('{"id": "c-1", "kind": "a", "time": 1.0}\n{"id": "c-2", "ki')
    assert [event.id for event in growing.new()] == ["c-1"]
    with file.open("a") as more:
        more.write('nd": "b", "time": 2.0}\nnot json\n')
    assert [(event.id, event.kind) for event in growing.new()] == [("c-2", "b")]
