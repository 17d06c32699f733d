"""What a single task leaves behind in its engine: a quick look before each reply, an event for what is different."""

import hashlib
import logging
import os
import sys
from collections.abc import Iterator
from typing import Any

from .frames import is_library


class Footprint:
    """The engine as the last task left it: folder, sinks, handlers, names in its namespace, the user's modules.

    `apart` are names of modules that are no news: the run's own target.
    """

    def __init__(self, namespace: dict[str, Any], apart: str | None) -> None:
        self._namespace = namespace
        self._apart = apart
        self._modules = set(sys.modules)
        self._all_names: set[str] = set()
        self._names: set[str] = set()
        self._theirs: dict[str, Any] = {}
        self._seen = self._look()

    def changes(self) -> Iterator[dict[str, Any]]:
        """What is different since the last call: `what`, with `before` and `now`, or `new` names, or a module's hash.

        The hash is of the file's bytes as they are now, soon after the module was loaded from it.
        """
        seen, self._seen = self._seen, self._look()
        for what, now in self._seen.items():
            if now != seen[what] and not isinstance(now, set):
                yield {"what": what, "before": seen[what], "now": now}
        if new := sorted(self._seen["names"] - seen["names"]):
            yield {"what": "names", "new": ", ".join(new)[:200]}
        for name in self._loaded():
            file = sys.modules[name].__file__
            yield {"what": "module", "sha256": _hash(file), "name": name, "path": file}

    def _look(self) -> dict[str, Any]:
        loguru = sys.modules.get("loguru")
        return {
            "working folder": _folder(),
            "loguru sinks": len(loguru.logger._core.handlers) if loguru else 0,
            "logging handlers": len(logging.root.handlers),
            "names": self._public_names(),
        }

    def _public_names(self) -> set[str]:
        if self._namespace.keys() != self._all_names:
            self._all_names = set(self._namespace)
            self._names = {name for name in self._all_names if not name.startswith("_")}
        return self._names

    def _loaded(self) -> list[str]:
        """The user's modules that are new, or that were loaded again."""
        new = set(sys.modules) - self._modules if len(sys.modules) != len(self._modules) else set()
        self._modules |= new
        for name in new:
            file = getattr(sys.modules[name], "__file__", None)
            if file and name != self._apart and not is_library(file) and name.partition(".")[0] != "harness":
                self._theirs[name] = None
        loaded = []
        for name, spec in self._theirs.items():
            now = getattr(sys.modules.get(name), "__spec__", None)
            if now is not None and now is not spec:
                self._theirs[name] = now
                loaded.append(name)
        return loaded


def _folder() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        return "a deleted folder"


def _hash(file: str | None) -> str:
    try:
        with open(file or "", "rb") as source:
            return hashlib.sha256(source.read()).hexdigest()[:8]
    except OSError:
        return "the file is gone"
