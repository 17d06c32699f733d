"""The state of an engine process that tasks can leave changed: noted at a run's begin, restored at its end."""

import builtins
import logging
import os
import signal
import sys
import threading
from dataclasses import dataclass
from typing import Any

_SIGNALS = [getattr(signal, f"SIG{name}") for name in ("INT", "TERM", "ALRM", "CHLD", "HUP", "USR2", "PIPE")]


def _limits() -> dict[int, tuple[int, int]]:
    import resource

    names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    return {getattr(resource, name): resource.getrlimit(getattr(resource, name)) for name in names}


def _children() -> set[int]:
    """Process ids of this process's children; Linux only, elsewhere none are seen."""
    found: set[int] = set()
    try:
        for thread in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{thread}/children") as listed:
                found.update(int(pid) for pid in listed.read().split())
    except OSError:
        return set()
    return found


def _loggers() -> dict[str, tuple[int, list[Any], bool]]:
    named = {name: one for name, one in logging.root.manager.loggerDict.items() if isinstance(one, logging.Logger)}
    return {name: (one.level, list(one.handlers), one.propagate) for name, one in {"": logging.root, **named}.items()}


def _sinks() -> dict[int, Any]:
    return dict(sys.modules["loguru"].logger._core.handlers) if "loguru" in sys.modules else {}


def _restore_logging(before: "EngineState") -> list[str]:
    left: list[str] = []
    for name, (level, handlers, propagate) in _loggers().items():
        noted = before.logging.get(name, (logging.NOTSET, [], True))
        if (level, handlers, propagate) != noted:
            if name in before.logging or handlers:
                left.append(f"logger {name or 'root'}")
            logger = logging.getLogger(name or None)
            logger.level, logger.handlers, logger.propagate = noted[0], list(noted[1]), noted[2]
            logger.manager._clear_cache()  # type: ignore[attr-defined]
    now = _sinks()
    if now.keys() != before.sinks.keys():
        left.append(f"loguru sinks: {len(before.sinks)} before, {len(now)} after")
        core = sys.modules["loguru"].logger._core
        for number in now.keys() - before.sinks.keys():
            sys.modules["loguru"].logger.remove(number)
        core.handlers = dict(before.sinks)
        core.min_level = min((sink.levelno for sink in before.sinks.values()), default=float("inf"))
    return left


@dataclass(frozen=True)
class EngineState:
    """What was so when the run began."""

    cwd: str
    path: list[str]
    environ: dict[str, str]
    recursion_limit: int
    handlers: dict[int, Any]
    builtins: dict[str, Any]
    modules: dict[str, Any]
    namespace: dict[str, Any]
    limits: dict[int, tuple[int, int]]
    threads: set[int | None]
    children: set[int]
    streams: tuple[Any, Any]
    logging: dict[str, tuple[int, list[Any], bool]]
    sinks: dict[int, Any]


def note(namespace: dict[str, Any]) -> EngineState:
    """Note the state; `namespace` is the engine's user namespace, where `push` and `execute` leave names."""
    return EngineState(
        cwd=os.getcwd(),
        path=list(sys.path),
        environ=dict(os.environ),
        recursion_limit=sys.getrecursionlimit(),
        handlers={number: signal.getsignal(number) for number in _SIGNALS},
        builtins=dict(vars(builtins)),
        modules=dict(sys.modules),
        namespace=dict(namespace),
        limits=_limits(),
        threads={thread.ident for thread in threading.enumerate()},
        children=_children(),
        streams=(sys.stdout, sys.stderr),
        logging=_loggers(),
        sinks=_sinks(),
    )


def _differs(name: str, noted: dict[str, Any]) -> bool:
    missing = object()
    return name != "_" and vars(builtins).get(name, missing) is not noted.get(name, missing)


def restore(before: EngineState, namespace: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Put back what differs; returns (what had been left changed, what could not be put back)."""
    left: list[str] = []
    stuck: list[str] = []
    changed = [name for name in {**vars(builtins), **before.builtins} if _differs(name, before.builtins)]
    if changed:
        left.append(f"builtins: {', '.join(sorted(changed))[:100]}")
        for name in changed:
            if name not in before.builtins:
                delattr(builtins, name)
        vars(builtins).update(before.builtins)
    for name in [name for name, module in before.modules.items() if sys.modules.get(name) is not module]:
        left.append(f"module {name} removed or replaced")
        sys.modules[name] = before.modules[name]
    try:
        cwd = os.getcwd()
    except FileNotFoundError:
        cwd = "a deleted folder"
    if cwd != before.cwd:
        left.append(f"cwd: {cwd}")
        os.chdir(before.cwd)
    if sys.path != before.path:
        left.append("sys.path")
        sys.path[:] = before.path
    if dict(os.environ) != before.environ:
        differing = sorted(k for k in {*os.environ, *before.environ} if os.environ.get(k) != before.environ.get(k))
        left.append(f"environ: {', '.join(differing)[:100]}")
        os.environ.clear()
        os.environ.update(before.environ)
    if sys.getrecursionlimit() != before.recursion_limit:
        left.append(f"recursion limit: {sys.getrecursionlimit()}")
        sys.setrecursionlimit(before.recursion_limit)
    for number, handler in before.handlers.items():
        if signal.getsignal(number) is not handler and handler is not None:
            left.append(f"signal handler: {signal.Signals(number).name}")
            signal.signal(number, handler)
    if (sys.stdout, sys.stderr) != before.streams:
        left.append("sys.stdout or sys.stderr")
        sys.stdout, sys.stderr = before.streams
    for name in [name for name in namespace if name not in before.namespace and not name.startswith("_")]:
        left.append(f"name {name} in the engine's namespace")
        del namespace[name]
    if _limits() != before.limits:
        left.append("resource limits")
        stuck.append("resource limits")
    if extra := [thread.name for thread in threading.enumerate() if thread.ident not in before.threads]:
        left.append(f"threads: {', '.join(extra)[:100]}")
        stuck.append("threads")
    if extra_children := _children() - before.children:
        left.append(f"processes: {', '.join(str(pid) for pid in sorted(extra_children))}")
        stuck.append("processes")
    left += _restore_logging(before)
    return left, stuck
