"""Whether a run, recorded or bare, shows what exercise.toml declares, and where its diagnosis has to point."""

import ipyparallel as ipp

from harness.course import diagnosis
from harness.course.diagnosis import Diagnosis
from harness.course.exercise import Exercise, read_toml
from harness.store import Run
from harness.triage import Bare, first_difference

BARE = {"crash": ("exception", "hang"), "slow": ("ok",)}
"""What a plain script may show of an outcome, where it is not that: without an engine left, ipyparallel waits."""


def missed(run: Run, exercise: Exercise) -> str:
    """What of the declared symptom this recorded run does not show, or of the evidence it lacks; empty if nothing."""
    wanted, outcome = exercise.metadata.symptom, run.outcome
    assert outcome is not None
    if outcome.outcome != wanted.outcome:
        return f"{outcome.outcome} ({outcome.reason}) instead of {wanted.outcome}"
    types = sorted({one.type for one in outcome.failures})
    if wanted.type and wanted.type not in types:
        return f"no {wanted.type} among the failures ({', '.join(types) or 'none'})"
    if wanted.signal and wanted.signal not in [one.signal_name for one in outcome.deaths]:
        return f"no engine ended by {wanted.signal}"
    if lacking := [sign for sign in wanted.signs if sign not in outcome.signs]:
        return f"no sign {', '.join(lacking)}; there are: {', '.join(outcome.signs) or 'none'}"
    return _unsettled(run, exercise)


def _unsettled(run: Run, exercise: Exercise) -> str:
    marker = read_toml(exercise.solution / "diagnosis.toml", Diagnosis).evidence.marker
    source = exercise.target("original").file.read_text(encoding="utf-8").splitlines()
    truths = diagnosis.truths_of(run, exercise)
    if not any(truth.events for truth in truths):
        return "no event is decisive as exercise.toml describes it"
    lines = [truth.line for truth in truths if truth.line is not None]
    if not lines:
        return "no line to be named: the diagnosis has nowhere to point"
    if not any(line <= len(source) and marker in source[line - 1] for line in lines):
        return f"it broke in line {lines[0]}, which does not hold the marker {marker!r}"
    return ""


def bare_outcome(ended: Bare, expected: object) -> str:
    """What a bare call showed: hang (stopped at the deadline), exception, wrong or ok."""
    if ended.stopped:
        return "hang"
    if isinstance(ended.raised, ipp.error.TimeoutError | TimeoutError):
        return "hang"
    if ended.raised is not None:
        return "exception"
    return "wrong" if first_difference(ended.returned, expected) else "ok"


def declared_bare(exercise: Exercise) -> tuple[str, ...]:
    """What a plain script may show, by exercise.toml; by default the outcome itself."""
    wanted = exercise.metadata.symptom
    if wanted.search:
        return ("ok", wanted.outcome)
    return (wanted.bare,) if wanted.bare else BARE.get(wanted.outcome, (wanted.outcome,))
