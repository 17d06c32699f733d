"""Stand-ins for what the kernel calls around a task, by which the capture looks on: of `apply` and of `execute`."""

import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import ipyparallel.engine.kernel as engine_kernel

from .task import size_of

Noted = Callable[[], dict[str, Any] | None]
"""What the client noted of the task whose message the kernel is at; None if the task is not of this run."""


class Onlooker(Protocol):
    """What is told of a task's life on the engine, in this order."""

    def received(self, note: dict[str, Any], size: int) -> None:
        """A task is here, of so many bytes."""

    def unpacked(self, function: Any, args: Any, kwargs: Any) -> None:
        """Its arguments are there; the next thing that runs is the user's function."""

    def runs_code(self) -> None:
        """It is text to execute, and that comes next."""

    def ran(self) -> None:
        """The user's code is done."""

    def raised(self, error: BaseException | None) -> list[str] | None:
        """The user's code raised, or its result could not be packed; returns the lines to answer with, or None.

        None has IPython write the traceback, which takes longer than most tasks.
        """

    def answer_for(self, error: BaseException, method: str) -> dict[str, Any]:
        """The reply in place of the one that ipyparallel failed to make."""

    def replying(self, reply: dict[str, Any], buffers: Any) -> dict[str, Any]:
        """The reply is made; returns the one to send."""

    def answered(self) -> None:
        """The task is over."""


@contextlib.contextmanager
def in_place(kernel: Any, onlooker: Onlooker, run: str) -> Iterator[None]:
    """Have the onlooker told of every task whose message bears the note of this run, while open.

    Tasks go the way they would go. A process that a task forked is not looked at, nor is a task that was left in a
    queue by an earlier run.
    """
    noted = functools.partial(_note, kernel, os.getpid(), run)
    with _rendering(kernel.shell, onlooker), _applying(kernel, onlooker, noted), _executing(kernel, onlooker, noted):
        yield


@contextlib.contextmanager
def without_leftovers(kernel: Any, run: str) -> Iterator[None]:
    """While open, tasks of other runs are answered as aborted: a scheduler that is to try a task again when its engines
    have ended hands it to those that take their places, in the midst of the next run."""
    handle = kernel.should_handle

    def should_handle(stream: Any, message: dict[str, Any], idents: Any) -> bool:
        note = message.get("metadata", {}).get("harness")
        if note and note["run"] != run:
            kernel.aborted.add(message["header"]["msg_id"])
        return handle(stream, message, idents)

    kernel.should_handle = should_handle
    try:
        yield
    finally:
        del kernel.should_handle


def _note(kernel: Any, process: int, run: str) -> dict[str, Any] | None:
    if os.getpid() != process:
        return None
    note = kernel.get_parent("shell").get("metadata", {}).get("harness")
    if not note or note["run"] != run:
        return None
    if "tasks" in note:
        # one message to many engines: each has a task of its own
        return {"task": note["tasks"][kernel.ident]} if kernel.ident in note["tasks"] else None
    return note


@contextlib.contextmanager
def _applying(kernel: Any, onlooker: Onlooker, noted: Noted) -> Iterator[None]:
    apply = kernel.do_apply
    unpack, pack = engine_kernel.unpack_apply_message, engine_kernel.serialize_object

    def do_apply(content: Any, bufs: Any, msg_id: str, metadata: Any) -> Any:
        note = noted()
        if note is None:
            return apply(content, bufs, msg_id, metadata)
        onlooker.received(note, size_of(bufs))
        try:
            try:
                reply, buffers = apply(content, bufs, msg_id, metadata)
            except BaseException as error:
                # ipyparallel failed to answer, which leaves the client waiting for ever
                reply, buffers = onlooker.answer_for(error, "apply"), []
            return onlooker.replying(reply, buffers), buffers
        finally:
            onlooker.answered()

    def unpack_apply_message(*args: Any, **kwargs: Any) -> Any:
        unpacked = unpack(*args, **kwargs)
        onlooker.unpacked(*unpacked)
        return unpacked

    def serialize_object(*args: Any, **kwargs: Any) -> Any:
        onlooker.ran()
        return pack(*args, **kwargs)

    kernel.do_apply = do_apply
    engine_kernel.unpack_apply_message, engine_kernel.serialize_object = unpack_apply_message, serialize_object
    try:
        yield
    finally:
        del kernel.do_apply
        engine_kernel.unpack_apply_message, engine_kernel.serialize_object = unpack, pack


@contextlib.contextmanager
def _executing(kernel: Any, onlooker: Onlooker, noted: Noted) -> Iterator[None]:
    execute, run = kernel.do_execute, kernel.shell.run_code

    async def do_execute(code: str, *args: Any, **kwargs: Any) -> Any:
        note = noted()
        if note is None:
            return await execute(code, *args, **kwargs)
        onlooker.received(note, len(code))
        try:
            try:
                reply = await execute(code, *args, **kwargs)
            except BaseException as error:
                reply = onlooker.answer_for(error, "execute")
            return onlooker.replying(reply, [])
        finally:
            onlooker.answered()

    async def run_code(*args: Any, **kwargs: Any) -> Any:
        onlooker.runs_code()
        try:
            return await run(*args, **kwargs)
        finally:
            onlooker.ran()

    kernel.do_execute, kernel.shell.run_code = do_execute, run_code
    try:
        yield
    finally:
        del kernel.do_execute, kernel.shell.run_code


@contextlib.contextmanager
def _rendering(shell: Any, onlooker: Onlooker) -> Iterator[None]:
    """Both kinds of task have their exceptions rendered here; text that is no Python, by a method of its own."""
    renderers = {name: getattr(shell, name) for name in ("showtraceback", "showsyntaxerror")}

    def looked_at(render: Any) -> Any:
        def show(*args: Any, **kwargs: Any) -> Any:
            kind, error, trace = sys.exc_info()
            lines = onlooker.raised(error)
            if lines is None:
                return render(*args, **kwargs)
            # what IPython leaves for a post-mortem, and its own way to the client
            sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
            return shell._showtraceback(kind, error, lines)

        return show

    for name, render in renderers.items():
        setattr(shell, name, looked_at(render))
    try:
        yield
    finally:
        for name in renderers:
            delattr(shell, name)
