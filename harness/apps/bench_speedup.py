"""Whether `harness speedup` names the planted cause of each exercise of chapter H first, and none of its solution."""

from typing import Any

from harness import places
from harness.apps.speedup import engine_counts, exercise_program, measure
from harness.course import all_exercises
from harness.course.diagnosis import Diagnosis
from harness.course.exercise import Exercise, read_toml

CHAPTER = "H"
REPEATS = 2
SECONDS = 60.0
"""Seconds for all runs of a variant, roughly: what takes longer has fewer sizes."""


def run(times: int = REPEATS) -> dict[str, Any]:
    """By exercise and variant what was named, the most costly first, and whether that is right; `times` repeats."""
    exercises = [one for one in all_exercises() if one.metadata.chapter == CHAPTER]
    found = {one.name: _named(one, times) for one in exercises}
    return {**found, "exercises": len(found), "holds": all(one["right"] for one in found.values())}


def _named(exercise: Exercise, times: int) -> dict[str, Any]:
    planted = read_toml(exercise.solution / "diagnosis.toml", Diagnosis).cause.name
    original, solution = (_findings(exercise, variant, times) for variant in ("original", "solution"))
    right = not solution and bool(original) and original[0].startswith(planted)
    return {"planted": planted, "original": original, "solution": solution, "right": right}


def _findings(exercise: Exercise, variant: str, times: int) -> list[str]:
    """What is named of a variant, with the share of the time that a mend would save."""
    explained = measure(
        exercise_program(exercise, variant), places.runs(), engines=engine_counts(), repeats=times, seconds=SECONDS
    )
    return [f"{one.cause} {'?' if one.share is None else f'{one.share:.0%}'}" for one in explained.findings or []]
