"""The suite's manifest tells the truth about itself: every program, marker and pair that it names is there."""

import importlib.util
from collections import Counter

import pytest

from harness.apps.triage_suite.cases import SUITE, VIEWS, read
from harness.errors import BadInput
from harness.store import OUTCOMES

CASES = read()
FAMILIES = {case.family for case in CASES}


def module_of(family):
    spec = importlib.util.spec_from_file_location(f"suite_{family}", SUITE / f"{family}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_case_of_a_family_is_a_function_of_its_file_and_every_marker_a_line(family):
    module = module_of(family)
    for case in (one for one in CASES if one.family == family):
        assert callable(getattr(module, case.name, None)), case.name
        assert case.reference is None or callable(getattr(module, case.reference, None)), case.reference
        assert case.where is None or case.line() is not None
        assert set(case.views) <= set(VIEWS)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_family_has_a_healthy_program_that_looks_like_a_broken_one(family):
    names = {case.name: case for case in CASES if case.family == family}
    pairs = [case for case in names.values() if case.near]
    assert pairs
    assert all(case.near in names and case.healthy for case in pairs)


def test_every_file_of_the_suite_has_its_cases_in_the_manifest():
    files = {path.stem for path in SUITE.glob("*.py")} - {"__init__"}
    assert {name for name in files if not name.startswith("test_")} == FAMILIES


def test_the_suite_knows_every_outcome_and_most_on_both_views():
    of = Counter(case.outcome for case in CASES)
    assert set(OUTCOMES) == set(of)
    assert {case.outcome for case in CASES if "direct" in case.views} >= {"ok", "exception", "hang", "crash"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[raising]\nx = { outcome = "fine" }', "no outcome 'fine'"),
        ('[raising]\nx = { outcome = "ok", sings = [] }', "raising.x: .*sings"),
    ],
)
def test_a_manifest_that_cannot_be_meant_is_refused(tmp_path, text, message):
    manifest = tmp_path / "manifest.toml"
    manifest.write_text(text)
    with pytest.raises(BadInput, match=message):
        read(manifest)


def test_a_marker_that_is_not_there_is_refused():
    case = next(case for case in CASES if case.where)
    import msgspec

    with pytest.raises(BadInput, match="0 lines marked"):
        msgspec.structs.replace(case, where="nowhere").line()
