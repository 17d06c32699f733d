"""An exercise and its life: load, check, grade, hint, reset, progress."""
