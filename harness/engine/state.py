"""The state of an engine process that tasks can leave changed: noted at a run's begin, compared at its end."""

import builtins
import gc
import logging
import operator
import os
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import compress, filterfalse
from typing import Any

from .libraries import is_library
from .names import IPYTHONS, Changes

_SIGNALS = [getattr(signal, f"SIG{name}") for name in ("INT", "TERM", "ALRM", "CHLD", "HUP", "USR2", "PIPE")]
_SERVING = ("Control", "IOPub")
"""Names of the kernel's threads without which an engine sends no output and answers no question."""


def _limits() -> dict[int, tuple[int, int]]:
    import resource

    names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    return {getattr(resource, name): resource.getrlimit(getattr(resource, name)) for name in names}


def _children() -> set[int]:
    """Process ids of this process's children; Linux only, elsewhere none are seen."""
    found: set[int] = set()
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)  # most have none, which this tells at once
        for thread in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{thread}/children") as listed:
                found.update(int(pid) for pid in listed.read().split())
    except (OSError, AttributeError):
        return set()
    return found


def _loggers() -> dict[str, tuple[int, list[Any], bool]]:
    named = {name: one for name, one in logging.root.manager.loggerDict.items() if isinstance(one, logging.Logger)}
    return {name: (one.level, list(one.handlers), one.propagate) for name, one in {"": logging.root, **named}.items()}


def _sinks() -> dict[int, Any]:
    loguru = sys.modules.get("loguru")
    return dict(loguru.logger._core.handlers) if loguru else {}


class Modules:
    """Copies of `sys.modules`: the same one as long as nothing in it changes, as it has thousands of names."""

    def __init__(self) -> None:
        self._watch()

    def _watch(self) -> None:
        self._watched = sys.modules
        self._changes = Changes(sys.modules)
        self._copy = dict(sys.modules)

    def copy(self) -> dict[str, Any]:
        """Not to be changed."""
        if sys.modules is not self._watched or not self._changes.none():
            self._watch()
        return self._copy


_modules = Modules()


@dataclass(frozen=True)
class EngineState:
    """What was so when the run began."""

    cwd: str
    path: list[str]
    environ: dict[str, str]
    recursion_limit: int
    handlers: dict[int, Any]
    modules: dict[str, Any]
    namespace: dict[str, Any]
    limits: dict[int, tuple[int, int]]
    threads: weakref.WeakSet[threading.Thread]
    serving: tuple[threading.Thread, ...]
    children: set[int]
    streams: tuple[Any, Any]
    logging: dict[str, tuple[int, list[Any], bool]]
    sinks: dict[int, Any]
    finders: list[Any]
    builtins: frozenset[str]
    hooks: tuple[Any, Any, Any]
    blocked: set[Any]
    disabled: int
    collects: bool


def note(namespace: dict[str, Any]) -> EngineState:
    """Note the state; `namespace` is the engine's user namespace, where `push` and `execute` leave names."""
    return EngineState(
        cwd=os.getcwd(),
        path=list(sys.path),
        environ=dict(os.environ),
        recursion_limit=sys.getrecursionlimit(),
        handlers={number: signal.getsignal(number) for number in _SIGNALS},
        modules=_modules.copy(),
        namespace=dict(namespace),
        limits=_limits(),
        threads=weakref.WeakSet(threading.enumerate()),  # their numbers may be others' when they have ended
        serving=tuple(thread for thread in threading.enumerate() if thread.name in _SERVING),
        children=_children(),
        streams=(sys.stdout, sys.stderr),
        logging=_loggers(),
        sinks=_sinks(),
        finders=list(sys.meta_path),
        builtins=frozenset(vars(builtins)),
        hooks=(sys.excepthook, sys.gettrace(), sys.getprofile()),
        blocked=signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        disabled=logging.root.manager.disable,
        collects=gc.isenabled(),
    )


@dataclass(frozen=True)
class Change:
    """One thing left changed, in words, and what puts it back; `undo` is None where only a new process would."""

    text: str
    undo: Callable[[], object] | None


def changes(before: EngineState, namespace: dict[str, Any]) -> list[Change]:
    """What differs from the noted state; nothing is put back by looking."""
    found = [*_of_interpreter(before), *_of_process(before), *_of_logging(before)]
    for name in [name for name in namespace if name not in before.namespace and not name.startswith("_")]:
        found.append(Change(f"name {name} in the engine's namespace", partial(namespace.pop, name, None)))
    return found


def _of_interpreter(before: EngineState) -> Iterator[Change]:
    new = vars(builtins).keys() - before.builtins - set(IPYTHONS)
    added = [name for name in sorted(new) if not name.startswith("_")]
    if added:
        yield Change(f"builtins: {', '.join(added)[:100]}", partial(_remove_builtins, added))
    if [finder for finder in sys.meta_path if finder in before.finders or not _is_librarys(finder)] != before.finders:
        yield Change("sys.meta_path", partial(sys.meta_path.__setitem__, slice(None), before.finders))
    if (sys.excepthook, sys.gettrace(), sys.getprofile()) != before.hooks:
        yield Change("sys.excepthook, sys.settrace or sys.setprofile", partial(_put_hooks_back, *before.hooks))
    if gc.isenabled() != before.collects:
        yield Change("module gc: collector off" if before.collects else "module gc: collector on", _switch_collector)
    if _modules.copy() is not before.modules:
        yield from _of_modules(before)
    if sys.path != before.path:
        yield Change("sys.path", partial(sys.path.__setitem__, slice(None), before.path))
    if (limit := sys.getrecursionlimit()) != before.recursion_limit:
        yield Change(f"recursion limit: {limit}", partial(sys.setrecursionlimit, before.recursion_limit))
    if (sys.stdout, sys.stderr) != before.streams:
        yield Change("sys.stdout or sys.stderr", partial(_put_streams_back, before.streams))
    if any(stream is not None and stream.closed for stream in before.streams):
        yield Change("sys.stdout or sys.stderr closed", None)
    extra = [thread.name for thread in threading.enumerate() if thread not in before.threads and _is_tasks(thread)]
    if extra:
        yield Change(f"threads: {', '.join(extra)[:100]}", None)
    if ended := [thread.name for thread in before.serving if not thread.is_alive()]:
        yield Change(f"the engine's own threads have ended: {', '.join(ended)}", None)


def _of_modules(before: EngineState) -> Iterator[Change]:
    # thousands, so that C looks for the few
    same = map(operator.is_, map(sys.modules.get, before.modules), before.modules.values())
    for name, module in compress(before.modules.items(), map(operator.not_, same)):
        yield Change(f"module {name} removed or replaced", partial(sys.modules.__setitem__, name, module))
    for name in _passing_modules(before):
        yield Change(f"module {name}, of a folder that the next run lacks", partial(sys.modules.pop, name, None))


def _passing_modules(before: EngineState) -> list[str]:
    """Modules loaded since from a file that is gone, or from a folder that was put on sys.path since."""
    added = set(sys.path) - set(before.path)
    new = filterfalse(before.modules.__contains__, list(sys.modules))
    files = {name: getattr(sys.modules.get(name), "__file__", None) for name in new}
    return [
        name for name, file in files.items() if file and (os.path.dirname(file) in added or not os.path.exists(file))
    ]


def _of_process(before: EngineState) -> Iterator[Change]:
    try:
        cwd = os.getcwd()
    except FileNotFoundError:
        cwd = "a deleted folder"
    if cwd != before.cwd:
        yield Change(f"cwd: {cwd}", partial(os.chdir, before.cwd))
    if dict(os.environ) != before.environ:
        names = sorted(k for k in {*os.environ, *before.environ} if os.environ.get(k) != before.environ.get(k))
        yield Change(f"environ: {', '.join(names)[:100]}", partial(_put_environ_back, before.environ))
    for number, handler in before.handlers.items():
        if handler is not None and signal.getsignal(number) is not handler:
            yield Change(f"signal handler: {signal.Signals(number).name}", partial(signal.signal, number, handler))
    if (blocked := signal.pthread_sigmask(signal.SIG_BLOCK, ())) != before.blocked:
        names = sorted(signal.Signals(number).name for number in blocked ^ before.blocked)
        undo = partial(signal.pthread_sigmask, signal.SIG_SETMASK, before.blocked)
        yield Change(f"signals blocked or not: {', '.join(names)[:100]}", undo)
    if _limits() != before.limits:
        yield Change("resource limits", None)
    if extra := _children() - before.children:
        yield Change(f"processes: {', '.join(str(pid) for pid in sorted(extra))}", None)


def _of_logging(before: EngineState) -> Iterator[Change]:
    for name, now in _loggers().items():
        noted = before.logging.get(name, (logging.NOTSET, [], True))
        if now != noted and (name in before.logging or now[1]):
            yield Change(f"logger {name or 'root'}", partial(_put_logger_back, name, noted))
    if logging.root.manager.disable != before.disabled:
        text = f"loggers disabled up to {logging.root.manager.disable}"
        yield Change(text, partial(logging.disable, before.disabled))
    now_there = _sinks()
    if now_there.keys() != before.sinks.keys():
        text = f"loguru sinks: {len(before.sinks)} before, {len(now_there)} after"
        yield Change(text, partial(_put_sinks_back, now_there, before.sinks))


def _is_tasks(thread: threading.Thread) -> bool:
    """Whether a thread may be a task's: pyzmq starts one of its own at the first large message that is sent."""
    return not type(thread).__module__.startswith("zmq.")


def _is_librarys(finder: Any) -> bool:
    """Whether a finder of modules is one that an installed library brings along."""
    module = sys.modules.get((finder if isinstance(finder, type) else type(finder)).__module__)
    return is_library(getattr(module, "__file__", None) or "")


def _remove_builtins(names: list[str]) -> None:
    for name in names:
        delattr(builtins, name)


def _put_hooks_back(exception: Any, trace: Any, profile: Any) -> None:
    sys.excepthook = exception
    sys.settrace(trace)
    sys.setprofile(profile)


def _switch_collector() -> None:
    (gc.disable if gc.isenabled() else gc.enable)()


def _put_streams_back(streams: tuple[Any, Any]) -> None:
    sys.stdout, sys.stderr = streams


def _put_environ_back(environ: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)


def _put_logger_back(name: str, noted: tuple[int, list[Any], bool]) -> None:
    logger = logging.getLogger(name or None)
    logger.handlers, logger.propagate = list(noted[1]), noted[2]
    logger.setLevel(noted[0])


def _put_sinks_back(now: dict[int, Any], noted: dict[int, Any]) -> None:
    logger = sys.modules["loguru"].logger
    for number in now.keys() - noted.keys():
        logger.remove(number)
    for number in noted.keys() - now.keys():
        noted[number]._stopped = False  # as removing it has set
    logger._core.handlers = dict(noted)
    logger._core.min_level = min((sink.levelno for sink in noted.values()), default=float("inf"))
