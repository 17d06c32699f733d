"""What is run: a user's file, under a module name of the run's own or as the script `__main__`, and its functions."""

import ast
import contextlib
import hashlib
import importlib
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from harness.engine import loading
from harness.errors import BadInput

LOADS = ("module", "script")


@dataclass(frozen=True)
class Target:
    """A file to run. `name` and `variant` name it in the run store.

    load: `module`, importable on engines under a name unique to its path and content; or `script`, loaded as this
    process's `__main__`, of which engines know nothing, as when a user types `python file.py`.
    """

    file: Path
    name: str
    variant: str = "mine"
    function: str = "main"
    load: str = "module"

    @property
    def source_hash(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    @property
    def module(self) -> str:
        return self.module_of(self.file, self.source_hash)

    @staticmethod
    def module_of(file: Path, source_hash: str) -> str:
        """The module name that a file with this content has on engines."""
        stem = re.sub(r"\W", "_", file.stem)
        return f"target_{stem}_{hashlib.sha256(f'{file}{source_hash}'.encode()).hexdigest()[:8]}"

    @property
    def on_engines(self) -> dict[str, str | None]:
        """`module` and `file` as engines are to import them; None for a script, which they can't."""
        if self.load == "script":
            return {"module": None, "file": None}
        return {"module": self.module, "file": str(self.file)}


@contextlib.contextmanager
def loaded(target: Target) -> Iterator[ModuleType]:
    """Import the target as engines will, or as a script; its module and those beside it are forgotten on exit.

    Raises BadInput if the file is missing. What the file itself raises on import passes through.
    """
    if not target.file.is_file():
        raise BadInput(f"no file {target.file}; give a Python file, or an exercise's number from `harness list`")
    module, file = target.module, str(target.file)
    there = set(sys.modules)
    loading.install(module, file)
    try:
        if target.load == "script":
            with _as_main(file) as script:
                yield script
        else:
            yield importlib.import_module(module)
    finally:
        loading.forget(module, file, there)


@contextlib.contextmanager
def _as_main(file: str) -> Iterator[ModuleType]:
    """The file executed as `__main__`, in whose place it stays while its functions may be pickled."""
    spec = importlib.util.spec_from_file_location("__main__", file)
    assert spec is not None
    assert spec.loader is not None
    before, script = sys.modules["__main__"], importlib.util.module_from_spec(spec)
    sys.modules["__main__"] = script
    try:
        spec.loader.exec_module(script)
        yield script
    finally:
        sys.modules["__main__"] = before


def parameters(file: Path, function: str = "main") -> list[str] | None:
    """The names of the parameters of a file's function, read without executing it; empty if there is no such function.

    None if the file is no Python: running it says so.
    """
    try:
        found = ast.parse(file.read_bytes(), str(file)).body
    except (SyntaxError, ValueError):
        return None
    for node in found:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
    return []


def function_of(module: ModuleType, target: Target) -> Callable[..., Any]:
    """The target's function; BadInput names what is there if it is missing."""
    found = getattr(module, target.function, None)
    if callable(found):
        return found
    there = [name for name, value in vars(module).items() if callable(value) and value.__module__ == module.__name__]
    listed = ", ".join(there) or "no functions"
    raise BadInput(f"{target.file} has no function {target.function!r}; it has: {listed}")
