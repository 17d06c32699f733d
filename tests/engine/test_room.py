"""The engine room can be sent to engines that lack the harness: it imports nothing of it by name, and little else."""

import ast
import sys
from pathlib import Path

import pytest

import harness.engine

ALLOWED = {*sys.stdlib_module_names, "zmq", "cloudpickle", "ipyparallel", "IPython", "ipykernel"}
WHERE_THERE = {"loguru", "msgspec"}
"""Packages that the room works without, which are imported only where an ImportError is expected."""
FILES = sorted(Path(harness.engine.__file__).parent.glob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    """The top-level packages that a module imports, however deep in it; its own by relative imports are left out.

    So are those that it may do without, where their absence is suppressed.
    """
    found = set()
    suppressed = {inner for node in ast.walk(tree) if _can_lack(node) for inner in node.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = {str(node.module).partition(".")[0]}
        else:
            continue
        found |= names - WHERE_THERE if node in suppressed else names
    return found


def _can_lack(node: ast.AST) -> bool:
    """Whether what is imported in this statement may be missing."""
    if isinstance(node, ast.With):
        return ast.unparse(node.items[0]) == "contextlib.suppress(ImportError)"
    return isinstance(node, ast.Try) and any(ast.unparse(one.type or node) == "ImportError" for one in node.handlers)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_runs_on_engines_imports_only_what_is_there(file):
    assert imported(ast.parse(file.read_text())) <= ALLOWED
