"""Names that tasks replace are put aside and given back; what changes by being looked up is none of them."""

import builtins
import time

import pytest

from harness.engine.names import TrueNames


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> TrueNames:
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
