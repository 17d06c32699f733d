"""From evidence to an outcome; deadlines, hangs, crashes, comparison with a reference."""

from harness.triage.bare import Bare, bare
from harness.triage.compare import first_difference
from harness.triage.importing import failed_import
from harness.triage.session import DEADLINE, called, execute

__all__ = ["DEADLINE", "Bare", "bare", "called", "execute", "failed_import", "first_difference"]
