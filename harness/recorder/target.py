"""What is run: a user's file under a module name of the run's own, and its functions."""

import contextlib
import hashlib
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from harness.engine import loading
from harness.errors import BadInput


@dataclass(frozen=True)
class Target:
    """A file to run. `name` and `variant` name it in the run store; `module` is unique to its path and content."""

    file: Path
    name: str
    variant: str = "mine"
    function: str = "main"

    @property
    def source_hash(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    @property
    def module(self) -> str:
        stem = re.sub(r"\W", "_", self.file.stem)
        unique = hashlib.sha256(f"{self.file}{self.source_hash}".encode()).hexdigest()[:8]
        return f"target_{stem}_{unique}"


@contextlib.contextmanager
def loaded(target: Target) -> Iterator[ModuleType]:
    """Import the target as engines will; its module and those beside it are forgotten on exit.

    Raises BadInput if the file is missing. What the file itself raises on import passes through.
    """
    if not target.file.is_file():
        raise BadInput(f"no file {target.file}; give a Python file, or an exercise's number from `harness list`")
    module, file = target.module, str(target.file)
    there = set(sys.modules)
    loading.install(module, file)
    try:
        yield importlib.import_module(module)
    finally:
        loading.forget(module, file, there)


def function_of(module: ModuleType, target: Target) -> Callable[..., Any]:
    """The target's function; BadInput names what is there if it is missing."""
    found = getattr(module, target.function, None)
    if callable(found):
        return found
    there = [name for name, value in vars(module).items() if callable(value) and value.__module__ == module.__name__]
    listed = ", ".join(there) or "no functions"
    raise BadInput(f"{target.file} has no function {target.function!r}; it has: {listed}")
