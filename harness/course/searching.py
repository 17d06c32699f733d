"""What the proof of an exercise needs of a search over orders of steps; whoever asks for the proof brings it along."""

from pathlib import Path
from typing import Any, Protocol

from harness.cluster import Cluster
from harness.course.check import Check
from harness.course.exercise import Exercise
from harness.store import Run


class Searching(Protocol):
    """Searches one exercise."""

    def failing_run(self, exercise: Exercise, variant: str, running: Cluster, seed: int, runs: Path) -> Run | None:
        """The shrunk schedule under which a variant fails on the tables of a seed, kept below `runs`; None if none."""

    def schedules(self, check: Check) -> Any:
        """What tests get as `schedules`."""
