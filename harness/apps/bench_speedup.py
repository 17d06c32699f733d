"""Whether `harness speedup` names the planted cause of each exercise of chapter H first, and none of its solution."""

import tempfile
from pathlib import Path
from typing import Any

from harness.apps.speedup import Failed, engine_counts, exercise_program, measure
from harness.course import all_exercises
from harness.course.diagnosis import Diagnosis
from harness.course.exercise import Exercise, read_toml
from harness.course.trial import SEED

CHAPTER = "H"
REPEATS = 2
SECONDS = 45.0
"""Seconds for all runs of a variant, roughly: what takes longer has fewer sizes. All of it ends in 12 minutes."""


def run(times: int = REPEATS) -> dict[str, Any]:
    """By exercise and variant what was named, the most costly first, and whether that is right; `times` repeats."""
    exercises = [one for one in all_exercises() if one.metadata.chapter == CHAPTER]
    found = {one.name: named(one, times) for one in exercises}
    right = bool(found) and all(one["right"] for one in found.values())
    return {**found, "exercises": len(found), "holds": right}


def named(exercise: Exercise, times: int = REPEATS) -> dict[str, Any]:
    """The planted cause, what is named of the shipped code and of its solution, and whether that is right."""
    planted = read_toml(exercise.solution / "diagnosis.toml", Diagnosis).cause.name
    original, solution = (_findings(exercise, variant, times) for variant in ("original", "solution"))
    right = not solution and bool(original) and original[0].split()[0] == planted
    return {"planted": planted, "original": original, "solution": solution, "right": right}


def _findings(exercise: Exercise, variant: str, times: int) -> list[str]:
    """What is named of a variant, with the share of the time that a mend would save; or how a run of it failed."""
    program = exercise_program(exercise, variant, SEED)
    with tempfile.TemporaryDirectory(prefix="bench-speedup-") as runs:
        try:
            explained = measure(program, Path(runs), engines=engine_counts(), repeats=times, seconds=SECONDS)
        except Failed as failed:
            outcome = failed.run.outcome
            return [f"{outcome.outcome if outcome else 'no outcome'}: ×{failed.scale} on {failed.engines} engine(s)"]
    return [f"{one.cause} {'?' if one.share is None else f'{one.share:.0%}'}" for one in explained.findings or []]
