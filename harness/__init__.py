"""Record, judge and teach the failures of parallel Python on ipyparallel."""

__version__ = "0.1.0"
