"""One recorded task run again in this process, which `harness replay` starts for it alone; executes a payload.

Called as `python -m harness.recorder.replaying ORDER`: ORDER is a JSON file that says what to run and where to write
how it went.
"""

import asyncio
import bdb
import contextlib
import faulthandler
import importlib
import json
import os
import pdb
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
from ipyparallel.serialize import serialize_object, unpack_apply_message

from harness.engine import loading
from harness.engine.frames import describe_exception
from harness.engine.libraries import is_library, is_plumbing
from harness.engine.names import TrueNames
from harness.engine.parent import die_with_parent
from harness.engine.room import Room
from harness.engine.values import short

PLUMBING = ("ipyparallel.*", "IPython.*", "harness.*", "asyncio.*")
"""Modules in which stepping does not stop."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to replay: the files of the message's parts, the module that they may name and its file.

    result: where to write how it went. stacks: where to write them after `deadline` seconds, or at a fatal signal.
    parent: the process that waits for it, with which it ends.
    """

    parts: list[str]
    module: str | None
    file: str | None
    result: str
    stacks: str
    deadline: float
    pdb: bool
    parent: int


def main(order: Order) -> None:
    """Run the task and write `{"raised": described exception or None, "returned": text}`; see `Order`."""
    die_with_parent(order.parent)
    signal.signal(signal.SIGTERM, lambda number, frame: None)  # an engine, too, does not end of it within a task
    if order.module and order.file:
        loading.install(order.module, order.file)
        with contextlib.suppress(BaseException):  # it will be raised again when the task is unpacked
            importlib.import_module(order.module)  # engines have imported most of it before; it is not the task's time
    parts = [Path(part).read_bytes() for part in order.parts]
    report: dict[str, Any] = {"raised": None, "returned": None}
    names, room = TrueNames(), Room()
    try:
        with _bounded(order):
            report["returned"] = _as_on_an_engine(lambda: _done(order, parts, names))
    except bdb.BdbQuit:
        report["left"] = True
    except BaseException as error:
        report["raised"] = describe_exception(error)
        if order.pdb:
            print(f"{type(error).__name__} was raised; `q` leaves")
            pdb.post_mortem(_from_the_users(error.__traceback__))
    names.put_back()
    room.make()
    Path(order.result).write_text(json.dumps(report), encoding="utf-8")


def _done(order: Order, parts: list[bytes], names: TrueNames) -> str:
    """Unpack, call, and pack what is returned as an engine does; returns that as text. The true names are back then."""
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    function, args, kwargs = unpack_apply_message(parts, namespace, copy=False)
    call: Callable[..., Any] = _stepped if order.pdb else _plain
    try:
        returned = call(function, *args, **kwargs)
    finally:
        names.put_back()
    serialize_object(returned)
    return short(returned)


def _as_on_an_engine(work: Callable[[], str]) -> str:
    """Do the work while an event loop runs in this thread, as it does where tasks run. Raises what it raises."""
    raised: list[BaseException] = []

    async def within() -> str:
        try:
            return work()
        except BaseException as error:  # the loop itself would end of some
            raised.append(error)
            return ""

    returned = asyncio.new_event_loop().run_until_complete(within())
    if raised:
        raise raised[0]
    return returned


def _from_the_users(traceback: TracebackType | None) -> TracebackType | None:
    """The traceback from the first frame of the user's own on, if there is one."""
    first = traceback
    while first is not None and (is_library(file := first.tb_frame.f_code.co_filename) or is_plumbing(file)):
        first = first.tb_next
    return first or traceback


class _Debugger(pdb.Pdb):
    """pdb that knows whether it was left."""

    left = False

    def set_quit(self) -> None:
        self.left = True
        super().set_quit()


def _stepped(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call under pdb. Raises BdbQuit if that is left before the function has ended."""
    debugger = _Debugger(skip=PLUMBING)
    returned = debugger.runcall(function, *args, **kwargs)
    if debugger.left:
        raise bdb.BdbQuit
    return returned


def _plain(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


@contextlib.contextmanager
def _bounded(order: Order) -> Iterator[None]:
    """Write every thread's stack and exit when the deadline passes, or at a fatal signal; under pdb take your time."""
    with open(order.stacks, "w") as file:
        faulthandler.enable(file)
        if not order.pdb:
            faulthandler.dump_traceback_later(order.deadline, exit=True, file=file)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
            faulthandler.enable()


if __name__ == "__main__":
    main(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Order))
    with contextlib.suppress(Exception):  # a task may have made them what it liked
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)  # threads that the task left would keep the process
