"""From evidence to an outcome; deadlines, hangs, crashes, comparison with a reference."""

from harness.triage.aftermath import without_client
from harness.triage.bare import Bare, bare
from harness.triage.compare import first_difference
from harness.triage.importing import failed_import
from harness.triage.runs import DEADLINE, Recorded, called, execute, record

__all__ = [
    "DEADLINE",
    "Bare",
    "Recorded",
    "bare",
    "called",
    "execute",
    "failed_import",
    "first_difference",
    "record",
    "without_client",
]
