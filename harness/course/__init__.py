"""An exercise and its life: load, check, grade, hint, reset, progress."""

from harness.course.exercise import CHAPTERS, Exercise, all_exercises, load

__all__ = ["CHAPTERS", "Exercise", "all_exercises", "load"]
