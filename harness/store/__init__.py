"""The run directory: its layout, its schemas, writing and reading it."""

from harness.store.limits import COUNTERS, Limit, Over, over, said
from harness.store.reader import Run, all_runs, find
from harness.store.schema import (
    OUTCOMES,
    Death,
    Difference,
    Event,
    Failure,
    Frame,
    Hang,
    Manifest,
    Outcome,
    Stack,
    Traceback,
)
from harness.store.writer import RunWriter, as_json, create, move, replace_file

__all__ = [
    "COUNTERS",
    "OUTCOMES",
    "Death",
    "Difference",
    "Event",
    "Failure",
    "Frame",
    "Hang",
    "Limit",
    "Manifest",
    "Outcome",
    "Over",
    "Run",
    "RunWriter",
    "Stack",
    "Traceback",
    "all_runs",
    "as_json",
    "create",
    "find",
    "move",
    "over",
    "replace_file",
    "said",
]
