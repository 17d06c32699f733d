"""Hints: the graded ones that an author wrote, and the one computed from what a check has just seen."""

from typing import Any

import msgspec

from harness.course.exercise import Exercise, load_file, read_toml
from harness.course.workspace import ProgressFile, pinned
from harness.store import Failure, Outcome


class Hints(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """solutions/NN_slug/hints.toml: from where to look, over which evidence, to the class and the line."""

    hints: list[str]


def _alike(one: Failure, other: Failure) -> bool:
    return (one.type, one.message, one.function) == (other.type, other.message, other.function)


def graded(exercise: Exercise) -> list[str]:
    """The author's hints, each stronger than the one before."""
    return read_toml(exercise.solution / "hints.toml", Hints).hints


def stage(number: int, of: int) -> str:
    """What the hint of this number, counted from 1, is about: from where to look to the line."""
    if number == of:
        return "the line"
    if number == of - 1:
        return "the class of the cause"
    return "where to look" if number == 1 else "which evidence"


def opened(exercise: Exercise) -> tuple[list[str], int]:
    """The graded hints that are open, one at first and one more after each check, and how many more there are."""
    entry = ProgressFile().read().get(exercise.name)
    written = graded(exercise)
    count = min(len(written), 1 + (entry.checks if entry else 0))
    return written[:count], len(written) - count


def computed(exercise: Exercise, outcome: Outcome, tables: dict[str, Any]) -> str:
    """One sentence about this outcome: the author's review if it has one to say, else what every failure tells."""
    review = load_file(exercise.solution / "review.py")
    if said := review.hint(outcome, tables):
        return said
    if outcome.deaths:
        death = outcome.deaths[0]
        how = death.signal_name or f"exit code {death.exit_code}"
        return f"engine {death.engine} ended by {how}: which line do its last words name?"
    if outcome.hangs:
        hang = outcome.hangs[0]
        where = f"{hang.function} line {hang.line}" if hang.function else f"task {hang.task}"
        return f"it was still in {where} when the deadline came: what is special about the values there?"
    if outcome.failures:
        failure = outcome.failures[0]
        first = pinned(exercise)
        if first and first.outcome and any(_alike(failure, one) for one in first.outcome.failures):
            return f"the failure that you diagnosed is still there: what reaches `{failure.function}` is as it was"
        where = f"{failure.function} line {failure.line}"
        return f"{failure.type} in {where}: what do its values have in common with those of the first failure?"
    if outcome.difference:
        return f"{outcome.difference.where} differs first: compute that one value by hand from its rows"
    return "`harness show` has the evidence"
