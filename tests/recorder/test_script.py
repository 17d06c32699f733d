"""A target loaded as a script is the client's `__main__`: what it defines reaches engines alone, as from a script."""

import sys

import ipyparallel as ipp
import pytest

from harness.recorder import Target, loaded
from harness.triage import bare, called, execute
from tests.programs import HERE


def script(function="main"):
    return Target(HERE / "script.py", "script", function=function, load="script")


def test_a_function_that_needs_another_one_of_the_script_fails_as_bare_ipyparallel_has_it(cluster, tmp_path):
    run = execute(script(), cluster, tmp_path)
    failure = run.outcome.failures[0]
    assert (failure.type, failure.message) == ("NameError", "name 'helper' is not defined")
    assert (failure.file, failure.function) == (str(HERE / "script.py"), "task")
    ended = bare(script(), cluster, call=called, deadline=20, stuck=pytest.fail)
    assert isinstance(ended.raised, ipp.error.CompositeError | ipp.error.RemoteError)
    assert "name 'helper' is not defined" in str(ended.raised)


def test_a_function_on_its_own_works_and_the_script_is_main(cluster, tmp_path):
    run = execute(script("on_its_own"), cluster, tmp_path, reference=lambda: ("__main__", [1, 2, 3, 4]))
    assert run.outcome.outcome == "ok", run.outcome.reason


def test_the_same_file_as_a_module_finds_its_helper(cluster, tmp_path):
    run = execute(Target(HERE / "script.py", "script"), cluster, tmp_path)
    assert run.outcome.outcome == "ok", run.outcome.reason


def test_the_real_main_is_back_afterwards():
    before = sys.modules["__main__"]
    with loaded(script()) as module:
        assert sys.modules["__main__"] is module
        assert module.Tweet.__module__ == "__main__"
    assert sys.modules["__main__"] is before
