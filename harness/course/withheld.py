"""A run as a learner is to see it before the exercise is passed: its symptoms, without what names the cause."""

from msgspec.structs import replace

from harness.course.causes import causes
from harness.course.exercise import all_exercises
from harness.course.workspace import ProgressFile
from harness.store import Outcome, Run
from harness.store.scaling import Explanation

PLAIN = ("tasks", "engines_used", "bytes_out", "bytes_back", "seconds_in_tasks", "busy_share", "met")
"""Counters that point at no cause by themselves."""


def as_symptoms(run: Run) -> Run:
    """The run itself; or, of an exercise that is not passed yet, with the proof and the cause's name left out.

    What is left out is in the run directory for who looks there, and on the screen once the exercise is passed.
    """
    if run.outcome is None or not _is_open(run.manifest.target):
        return run
    shown = Run(run.folder)
    shown.outcome = _withheld(run.outcome)  # what is cached here is what views read
    return shown


def _is_open(name: str) -> bool:
    """Whether there is an exercise of this name that the learner has not passed."""
    if name not in {exercise.name for exercise in all_exercises()}:
        return False
    entry = ProgressFile().read().get(name)
    return entry is None or entry.passed is None


def _withheld(outcome: Outcome) -> Outcome:
    shown = {*PLAIN, *(one.counter for one in outcome.over)}
    proven = any(hang.why for hang in outcome.hangs)
    return replace(
        outcome,
        reason=outcome.reason.partition(": ")[0] if proven else outcome.reason,
        signs=[sign for sign in outcome.signs if sign not in {*causes(), "oversubscribed"}],
        counters={name: value for name, value in outcome.counters.items() if name in shown},
        hangs=[replace(hang, why="") for hang in outcome.hangs],
    )


def without_findings(explained: Explanation) -> Explanation:
    """How a program scales, without what names causes if it is an exercise's that is not passed yet."""
    return replace(explained, findings=None) if _is_open(explained.target) else explained
