"""Names that tasks replace are put aside and given back; what changes by being looked up is none of them."""

import builtins
import time

import pytest

from harness.engine.names import Changes, TrueNames


@pytest.fixture(params=[True, False], ids=["changes counted", "not counted"])
def names(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> TrueNames:
    if not request.param:
        monkeypatch.setattr("harness.engine.names._COUNTED", False)
    monkeypatch.setattr(time, "tzname", time.tzname)  # so that both come back after the test
    monkeypatch.setattr(builtins, "len", len)
    return TrueNames()


def test_a_replaced_function_is_put_aside_and_given_back(names):
    true, builtins.len = len, str
    names.put_back()
    assert (len is true, names.replaced) == (True, ["len"])
    names.give()
    assert len is str
    assert names.replaced == []
    builtins.len = true


def test_a_value_that_changes_is_no_replaced_name(names):
    time.tzname = ("A", "B")
    names.put_back()
    assert (time.tzname, names.replaced) == (("A", "B"), [])
    names.put_back()
    assert names.replaced == []


def test_a_name_replaced_again_is_put_aside_again(names):
    true = len
    for stranger in (str, repr):
        builtins.len = stranger
        names.put_back()
        assert (len is true, names.replaced) == (True, ["len"])
        names.give()
        assert len is stranger
    builtins.len = true


@pytest.mark.parametrize("change", [{"b": 1}, {"a": 2}], ids=["a new name", "another value"])
def test_changes_of_a_dict_are_counted_on_the_pythons_supported(change):
    names = {"a": 1}
    changes = Changes(names)
    assert [changes.none(), names["a"], changes.none()] == [True, 1, True]
    names.update(change)
    assert [changes.none(), changes.none()] == [False, True]
    del names["a"]
    assert not changes.none()
