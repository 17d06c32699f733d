"""The engine room can be sent to engines that lack the harness: it imports nothing of it by name, and little else."""

import ast
import sys
from pathlib import Path

import pytest

import harness.engine

ALLOWED = {*sys.stdlib_module_names, "zmq", "cloudpickle", "ipyparallel", "IPython", "ipykernel", "loguru"}
FILES = sorted(Path(harness.engine.__file__).parent.glob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    """The top-level packages that a module imports, however deep in it; its own by relative imports are left out."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).partition(".")[0])
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_runs_on_engines_imports_only_what_is_there(file):
    assert imported(ast.parse(file.read_text())) <= ALLOWED
