"""The engine room on an engine: its own copy if that is of this version, else its sources, sent by value."""

import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import ipyparallel as ipp

from harness.engine import digest


@cache
def _sources() -> dict[str, str]:
    folder = Path(digest.__file__).parent
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.py"))}


ENDED = "it has ended"


class NotAnswered(Exception):
    """An engine did not answer in time, or what it was asked raised, or it has ended. `engine` is its id."""

    def __init__(self, engine: int, why: str | None) -> None:
        super().__init__(engine, why)
        self.engine = engine
        self.why = why


def call(client: ipp.Client, function: str, arguments: dict[int, Any], seconds: float) -> dict[int, Any]:
    """Call `function`, such as `capture.begin`, of the engine room on each engine with its argument, all at once.

    Returns what each gave, or for those that failed a NotAnswered, `why` being None for a time-out. Engines need not
    have the harness installed: those that lack this version get its sources, once.
    """
    limit = time.monotonic() + seconds
    given = _round(client, arguments, limit, None, function)
    lacking = [engine for engine, answer in given.items() if answer == _LACKING]
    if lacking:
        asked = {engine: arguments[engine] for engine in lacking}
        given |= _round(client, asked, limit, _sources(), function)
    return given


_LACKING = "the sources are lacking"


def _round(
    client: ipp.Client, arguments: dict[int, Any], limit: float, sources: dict[str, str] | None, function: str
) -> dict[int, Any]:
    sent: dict[int, Any] = {}
    given: dict[int, Any] = {}
    for engine, argument in arguments.items():
        try:
            sent[engine] = _sent(client, engine, sources, function, argument)
        except NotAnswered as problem:
            given[engine] = problem
    for engine, answer in sent.items():
        try:
            given[engine] = answer.get(timeout=max(0.0, limit - time.monotonic()))
        except TimeoutError:
            # of an end that the client hears of just as it sends, ipyparallel does not tell the answer
            given[engine] = NotAnswered(engine, None if engine in client.ids else ENDED)
        except ipp.error.RemoteError as problem:
            given[engine] = NotAnswered(engine, f"{problem.ename}: {problem.evalue}")
    return given


def _sent(
    client: ipp.Client, engine: int, sources: dict[str, str] | None, function: str, argument: Any
) -> ipp.AsyncResult:
    try:
        view = client[engine]
    except (IndexError, ipp.error.NoEnginesRegistered):  # the client has heard of its end
        raise NotAnswered(engine, ENDED) from None
    return view.apply_async(_on_engine, digest.DIGEST, sources, function, argument)


def started(client: ipp.Client, function: str, arguments: dict[int, Any], seconds: float) -> dict[int, ipp.AsyncResult]:
    """As `call`, but without waiting for what the function gives: it serves for long. Returns the answers to come.

    Raises NotAnswered if an engine can't have the engine room within that time.
    """
    for problem in failed(call(client, "digest.ready", dict.fromkeys(arguments), seconds)):
        raise problem
    return {engine: _sent(client, engine, None, function, argument) for engine, argument in arguments.items()}


def failed(given: dict[int, Any]) -> Iterable[NotAnswered]:
    """The failures among answers."""
    return [answer for answer in given.values() if isinstance(answer, NotAnswered)]


@ipp.interactive
def _on_engine(digest, sources, function, argument):
    # sent by value: nothing of this module is there
    import importlib
    import importlib.abc
    import importlib.machinery
    import sys

    own = sys.modules.get("harness.engine.digest")
    package = f"harness_engine_{digest}"
    if own is not None and digest == own.DIGEST:
        package = "harness.engine"
    elif package not in sys.modules:
        if sources is None:
            return "the sources are lacking"

        class Sent(importlib.abc.MetaPathFinder, importlib.abc.ExecutionLoader):
            def find_spec(self, name, path=None, target=None):
                # last of all finders: `harness` is asked for only where none is installed
                if name in (package, "harness") or name.startswith(package + "."):
                    return importlib.machinery.ModuleSpec(name, self, is_package=name == package)
                return None

            def is_package(self, name):
                return name == package

            def get_source(self, name):
                if name == "harness":
                    return (
                        f"from {package}.exchange import Barrier, Queue, SharedFile\n"
                        f"from {package}.sharing import Event, Lock, checkpoint\n"
                    )
                return sources["__init__" if name == package else name.rpartition(".")[2]]

            def get_filename(self, name):
                return f"sent/harness/engine/{name.rpartition('.')[2]}.py"

        sys.meta_path.append(Sent())
    module, _, name = function.rpartition(".")
    return getattr(importlib.import_module(f"{package}.{module}"), name)(argument)
