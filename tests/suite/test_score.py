"""The score counts what the harness got wrong, and nothing that it got right."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.apps.triage_suite.cases import Case, read
from harness.apps.triage_suite.score import confusion, faults, macro_f1, summary
from harness.apps.triage_suite.worker import Seen
from harness.store import OUTCOMES

CASES = read()


def rightly(case: Case) -> Seen:
    """What a harness that makes no mistake tells of the case."""
    return Seen(
        family=case.family,
        name=case.name,
        view=case.views[0],
        outcome=case.outcome,
        signs=tuple(case.signs),
        type=case.type,
        file=str(case.file),
        line=case.line(),
        ended=case.ended,
    )


def test_a_harness_that_is_right_throughout_holds():
    figures = summary([(case, rightly(case)) for case in CASES])
    assert figures["holds"]
    assert figures["macro-F1"] == 1.0
    assert (figures["false alarms"], figures["harness failures"], figures["wrong"]) == (0, 0, {})


@given(st.sampled_from(CASES), st.sampled_from(OUTCOMES))
def test_another_outcome_is_a_fault_and_lowers_f1(case, given_instead):
    judged = [(one, rightly(one)) for one in CASES if one != case]
    seen = msgspec.structs.replace(rightly(case), outcome=given_instead)
    allowed = given_instead == case.outcome or (case.unknown and given_instead == "unknown")
    assert bool(faults(case, seen)) is not allowed
    assert (macro_f1(confusion([*judged, (case, seen)])) == 1.0) is allowed


@pytest.mark.parametrize(
    "change",
    [
        {"signs": ("made-up",)},
        {"failed": "Traceback\nKeyError: 3"},
        {"after": "the next run was affected"},
        {"stayed": (1,)},
    ],
)
def test_a_false_sign_a_failure_and_what_is_left_are_held_against_it(change):
    case = next(one for one in CASES if one.healthy)
    figures = summary([(case, msgspec.structs.replace(rightly(case), **change))])
    assert not figures["holds"]


@pytest.mark.parametrize("change", [{"type": "Other"}, {"line": 1}, {"signs": ()}])
def test_a_wrong_type_place_or_a_missing_sign_is_a_fault(change):
    case = next(one for one in CASES if one.type and one.where and one.signs)
    assert faults(case, msgspec.structs.replace(rightly(case), **change))


def test_f1_of_a_small_matrix_is_as_computed_by_hand():
    ok, hang = (next(one for one in CASES if one.outcome == name) for name in ("ok", "hang"))
    missed = msgspec.structs.replace(rightly(hang), outcome="ok")
    # ok: one right, one false: 2/3; hang: one right, one missed: 2/3
    assert macro_f1(confusion([(ok, rightly(ok)), (hang, rightly(hang)), (hang, missed)])) == pytest.approx(2 / 3)
