"""Names of Python's own that tasks replace: the true ones while ipyparallel and the harness work, else the tasks'."""

import builtins
import ctypes
import json
import logging
import os
import sys
import threading
import time
from types import ModuleType
from typing import Any

_MODULES = (builtins, json, logging, os, threading, time)
IPYTHONS = ("_", "get_ipython", "exit", "quit")
"""Builtins that IPython has or hides while it executes text."""
_MISSING = object()
# bound here, as the names themselves are what tasks replace
_callable, _delattr, _list, _setattr, _vars = callable, delattr, list, setattr, vars

Replaced = dict[ModuleType, dict[str, Any]]


class TrueNames:
    """What the names of a few modules stood for at the start. Tasks may replace them and find that again later."""

    def __init__(self) -> None:
        self._true = {module: dict(vars(module)) for module in _MODULES}
        self._values = {module: list(true.values()) for module, true in self._true.items()}
        self._changes = Changes(*map(vars, _MODULES))
        self._theirs: Replaced = {}

    def put_back(self) -> None:
        """Have the true names in place; what tasks made of them is kept."""
        if self._changes.none():
            return
        for module, true in self._true.items():
            now = _vars(module)
            if _same(_list(now.values()), self._values[module]):
                continue
            names = [name for name in {**true, **now} if now.get(name, _MISSING) is not true.get(name, _MISSING)]
            # modules get new names by imports, and values such as time.tzname change by being looked up
            true.update({name: now[name] for name in names if name in now and not _callable(true.get(name, _put))})
            # libraries in C keep things of theirs among the builtins, which is why new ones are left alone
            names = [name for name in names if name not in IPYTHONS and _callable(true.get(name))]
            if names:
                self._theirs.setdefault(module, {}).update({name: now.get(name, _MISSING) for name in names})
            for name in names:
                _put(module, name, true.get(name, _MISSING))
            self._values[module] = _list(now.values())

    def give(self) -> None:
        """Have what tasks made of them in place."""
        if not self._theirs:
            return
        for module, theirs in self._theirs.items():
            for name, value in theirs.items():
                _put(module, name, value)
        self._theirs = {}

    @property
    def replaced(self) -> list[str]:
        """The names that tasks replaced, such as `os.write`; builtins bare."""
        return [
            name if module is builtins else f"{module.__name__}.{name}"
            for module, theirs in self._theirs.items()
            for name in sorted(theirs)
        ]


class Changes:
    """Tells whether some dicts are as they were when last asked, without touching what is in them.

    By the count that CPython keeps of each dict's changes (PEP 509; up to Python 3.13). To look at the seven hundred
    names instead takes a tenth of all that a tiny task's recording costs. Where nothing is counted there may always be
    changes.
    """

    def __init__(self, *names: dict[str, Any]) -> None:
        self._counts = [_count_of(each) for each in names] if _COUNTED else None
        self._seen = [count.value for count in self._counts or ()]

    def none(self) -> bool:
        """Whether nothing was changed since this was last asked."""
        if self._counts is None:
            return False
        before, self._seen = self._seen, [count.value for count in self._counts]
        return before == self._seen


def _count_of(names: dict[str, Any]) -> ctypes.c_uint64:
    """The third field of CPython's PyDictObject, behind the object's head and the number of names."""
    return ctypes.c_uint64.from_address(id(names) + object.__basicsize__ + ctypes.sizeof(ctypes.c_ssize_t))


def _is_counted() -> bool:
    if sys.implementation.name != "cpython" or sys.version_info >= (3, 14):
        return False
    names: dict[str, Any] = {}
    count = _count_of(names)
    seen = [count.value]
    for change in (lambda: names.update(a=1), lambda: names.update(a=2), lambda: names.pop("a")):
        change()
        seen.append(count.value)
    return len(set(seen)) == len(seen) and count.value == seen[-1]


_COUNTED = _is_counted()


def _same(now: list[Any], true: list[Any]) -> bool:
    # lists compare by identity first, in C: a value's own `__eq__` is only asked where it has been replaced
    try:
        return now == true
    except Exception:
        return False


def _put(module: ModuleType, name: str, value: Any) -> None:
    if value is _MISSING:
        if name in _vars(module):
            _delattr(module, name)
    else:
        _setattr(module, name, value)
