"""What a single task leaves behind in its engine: a quick look before each reply, an event for what is different."""

import hashlib
import logging
import os
import sys
from collections.abc import Set
from typing import Any

from .frames import is_library

_WATCHED = ("working folder", "loguru sinks", "logging handlers")


class Footprint:
    """The engine as the last task left it: folder, sinks, handlers, names in its namespace, the user's modules.

    `modules` are those that are there, `apart` is the name of one that is no news: the run's own target.
    """

    def __init__(self, namespace: dict[str, Any], modules: Set[str], apart: str | None) -> None:
        self._namespace = namespace
        self._apart = apart
        self._modules = modules
        self._names = set(namespace)
        self._outline = _outline(namespace)
        self._theirs: dict[str, Any] = {}
        self._seen = _look()

    def changes(self) -> list[dict[str, Any]]:
        """What is different since the last call: `what`, with `before` and `now`, or `new` names, or a module's hash.

        The hash is of the file's bytes as they are now, soon after the module was loaded from it.
        """
        found: list[dict[str, Any]] = []
        seen, self._seen = self._seen, _look()
        if self._seen != seen:
            each = zip(_WATCHED, seen, self._seen, strict=True)
            found += [{"what": what, "before": before, "now": now} for what, before, now in each if now != before]
        if (outline := _outline(self._namespace)) != self._outline:
            names, self._names, self._outline = self._names, set(self._namespace), outline
            if new := sorted(name for name in self._names - names if not name.startswith("_")):
                found.append({"what": "names", "new": ", ".join(new)[:200]})
        for name in self._loaded():
            file = sys.modules[name].__file__
            found.append({"what": "module", "sha256": _hash(file), "name": name, "path": file})
        return found

    def _loaded(self) -> list[str]:
        """The user's modules that are new, or that were loaded again."""
        if len(sys.modules) != len(self._modules):
            new = set(sys.modules) - self._modules
            self._modules = self._modules | new
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


def _look() -> tuple[str, int, int]:
    """What is watched, as it is now."""
    loguru = sys.modules.get("loguru")
    return _folder(), len(loguru.logger._core.handlers) if loguru else 0, len(logging.root.handlers)


def _outline(names: dict[str, Any]) -> tuple[int, str | None]:
    """How many names there are, and the last: where a new one is, so that not all of them have to be looked at."""
    return len(names), next(reversed(names), None)


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
