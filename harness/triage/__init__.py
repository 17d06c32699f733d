"""From evidence to an outcome; deadlines, hangs, crashes, comparison with a reference."""

from harness.triage.compare import first_difference
from harness.triage.session import DEADLINE, execute

__all__ = ["DEADLINE", "execute", "first_difference"]
