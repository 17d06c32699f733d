"""The events' file: what is written is read back, whatever it holds, by the quick encoder as by the plain one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.engine import events
from harness.engine.events import EventFile

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**80), 2**80)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Odd:
    """A value that JSON has no form for."""

    def __str__(self) -> str:
        return "odd"


def read(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture(params=["msgspec", "json"])
def encode(request, monkeypatch):
    if request.param == "json":
        monkeypatch.setattr(events, "msgspec", None)
    return events._encoder()


def test_values_are_read_back_as_they_were(encode):
    @given(value=VALUES)
    def law(value):
        assert json.loads(encode({"data": value})) == {"data": value}

    law()


def test_what_utf_8_and_json_have_no_form_for_is_told_all_the_same(encode):
    assert json.loads(encode({"text": "a\ud800b", "value": Odd()})) == {"text": "a\\ud800b", "value": "odd"}


def test_an_event_is_in_the_file_when_it_is_written(tmp_path):
    file = EventFile(tmp_path / "events" / "engine-1.jsonl", "e1")
    assert [file.write("begin", 1, label="amzn"), file.write("end", 1)] == ["e1-1", "e1-2"]
    first, second = read(tmp_path / "events" / "engine-1.jsonl")
    assert (first["id"], first["kind"], first["task"], first["data"]) == ("e1-1", "begin", 1, {"label": "amzn"})
    assert (second["kind"], second["data"]) == ("end", {})
    assert first["time"] <= second["time"]
    file.close()


def test_events_go_on_in_the_same_file_when_a_task_removed_it(tmp_path):
    path = tmp_path / "events" / "engine-0.jsonl"
    file = EventFile(path, "e0")
    file.write("begin", 1)
    path.unlink()
    file.write("end", 1)
    assert [event["kind"] for event in read(path)] == ["begin", "end"]
    file.close()
