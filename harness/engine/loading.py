"""Makes a user's file importable on an engine under the run's own module name, and forgets it afterwards."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Container, Sequence
from pathlib import Path
from types import ModuleType


class TargetFinder(importlib.abc.MetaPathFinder):
    """Finds one module, of a name unique to the run, in one file."""

    def __init__(self, module: str, file: str) -> None:
        self.module = module
        self.file = file

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.module:
            return None
        return importlib.util.spec_from_file_location(fullname, self.file)


def install(module: str, file: str) -> None:
    """Make `import <module>` load `file`, and the file's folder importable as it would be for a script."""
    sys.meta_path.insert(0, TargetFinder(module, file))
    sys.path.insert(0, str(Path(file).parent))


def forget(module: str, file: str, kept: Container[str]) -> None:
    """Undo `install`, and drop every module from the file's folder but those named in `kept`."""
    folder = Path(file).parent
    ours = [finder for finder in sys.meta_path if isinstance(finder, TargetFinder) and finder.module == module]
    for finder in ours:
        sys.meta_path.remove(finder)
    if str(folder) in sys.path:
        sys.path.remove(str(folder))
    for name, loaded in list(sys.modules.items()):
        origin = getattr(loaded, "__file__", None)
        if name == module or (origin and name not in kept and Path(origin).parent == folder):
            del sys.modules[name]
