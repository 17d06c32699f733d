"""Record, judge and teach the failures of parallel Python on ipyparallel."""

from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # imported when asked for: `import harness` and the command line stay light
    if name == "record":
        from harness.apps.recording import record

        return record
    raise AttributeError(f"module 'harness' has no attribute {name!r}")
