"""What tasks leave changed is told by a comparison that looks at modules only where something about them changed."""

import importlib
import subprocess
import sys
import types

import pytest

from harness.engine import state
from harness.engine.names import _COUNTED


@pytest.mark.skipif(not _COUNTED, reason="this Python does not count a dict's changes")
def test_modules_are_copied_again_only_if_something_in_them_changed():
    modules = state.Modules()
    first = modules.copy()
    assert modules.copy() is first
    sys.modules["of_this_test"] = types.ModuleType("of_this_test")
    try:
        second = modules.copy()
        assert set(second) - set(first) == {"of_this_test"}
    finally:
        del sys.modules["of_this_test"]
    assert modules.copy() == first


def test_another_dict_in_the_place_of_the_modules_is_looked_at(monkeypatch):
    modules = state.Modules()
    monkeypatch.setattr(sys, "modules", {**sys.modules, "of_this_test": None})
    assert "of_this_test" in modules.copy()


@pytest.mark.parametrize("replaced", [True, False], ids=["a module replaced", "nothing"])
def test_a_module_that_was_replaced_is_a_change_and_can_be_put_back(replaced):
    true = importlib.import_module("colorsys")
    before = state.note({})
    if replaced:
        sys.modules["colorsys"] = types.ModuleType("colorsys")
    found = [change for change in state.changes(before, {}) if "colorsys" in change.text]
    for change in found:
        change.undo()
    assert (len(found), sys.modules["colorsys"]) == (replaced, true)


def test_a_child_process_is_a_change():
    before = state.note({})
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        texts = [change.text for change in state.changes(before, {})]
        assert any(text.startswith("processes: ") and str(child.pid) in text for text in texts)
    finally:
        child.communicate(b"\n", timeout=20)
    assert not any(change.text.startswith("processes") for change in state.changes(before, {}))
