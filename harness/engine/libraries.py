"""Whose code a file is: a library's, the plumbing's between client and task, or the user's own."""

_LIBRARY = ("site-packages", "dist-packages", "/lib/python3")
_PLUMBING = (
    "/ipyparallel/",
    "/ipykernel/",
    "/IPython/core/interactiveshell.py",
    "/harness/cluster/",
    "/harness/engine/",
    "/harness/recorder/",
    "/harness/triage/",
)


def is_library(file: str) -> bool:
    """Whether a file is an installed library's or Python's own, not the user's."""
    return any(part in file for part in _LIBRARY) or file.startswith("<frozen")


def is_plumbing(file: str) -> bool:
    """Whether a file is part of how ipyparallel and the harness reach the user's function."""
    return file == "<string>" or any(part in file for part in _PLUMBING)
