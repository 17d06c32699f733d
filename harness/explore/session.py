"""A program opened for a search: its main can be executed again and again, each time under another schedule."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import ipyparallel as ipp

from harness.engine import sharing
from harness.engine.frames import blame, describe_exception
from harness.errors import BadInput, CannotWork
from harness.explore.execution import Choose, Deadlock, Execution, Livelock, Stalled, TaskFailed
from harness.explore.schedule import Schedule
from harness.explore.view import SearchView
from harness.explore.workers import Workers, working
from harness.recorder import Target, function_of, loaded
from harness.triage import first_difference

MEMORY = "/dev/shm"
ROOM = 32 << 20
"""Bytes that must be free in memory for the files of a search; those of an execution are small, and go with it."""


class Session:
    """Runs the target's function under schedules, one after the other.

    arguments: called for each execution, for arguments of its own. reference: what main should return, or None.
    """

    def __init__(
        self,
        target: Target,
        function: Callable[..., Any],
        workers: Workers,
        arguments: Callable[[], tuple[Any, ...]],
        reference: Callable[[], Any] | None,
        seed: int | None,
    ) -> None:
        self.target = target
        self.seed = seed
        self._function = function
        self._workers = workers
        self._arguments = arguments
        self._reference = reference

    def named(self, name: str) -> Any:
        """What the target's file has under a name; raises BadInput if there is nothing."""
        try:
            return self._function.__globals__[name]
        except KeyError:
            raise BadInput(f"{self.target.file} has no {name}; name something that it defines") from None

    def give(self, arguments: Callable[[], tuple[Any, ...]], reference: Callable[[], Any] | None = None) -> None:
        """Have executions use other arguments from now on. reference: what main should return, None if not known."""
        self._arguments, self._reference = arguments, reference

    def execute(self, choose: Choose, begun: Callable[[Execution], object] = lambda execution: None) -> Schedule:
        """Execute main once; who goes at each step is chosen by `choose`.

        begun: is given the execution before it begins, to look at it.

        Raises CannotWork if a task waits for something that a search does not see, or takes its engine down.
        """
        self._workers.fresh()
        execution = Execution(self._workers, choose)
        begun(execution)
        with sharing.searched(execution.by_main):
            return self._executed(execution)

    def _executed(self, execution: Execution) -> Schedule:
        try:
            value = self._function(SearchView(execution), *self._arguments())
            execution.until(lambda: not execution.going)
            return self._judged(execution, value)
        except Deadlock as deadlock:
            return self._schedule(execution, "deadlock", str(deadlock), deadlock.waits)
        except Livelock:
            return self._schedule(
                execution,
                "livelock",
                f"no end after {len(execution.steps)} steps: it goes in circles, or has too much to do for a search",
            )
        except TaskFailed as failed:
            return self._schedule(execution, "exception", str(failed), place=failed.place, failed=failed.task)
        except Stalled as stalled:
            last = execution.steps[-1] if execution.steps else None
            after = f" after line {last.line} ({last.kind})" if last else ""
            raise CannotWork(
                f"{stalled} came to no further step{after}: it died, or waits for what a search does not see; "
                "`harness run` shows which, `harness cluster repair` frees its engine"
            ) from None
        except Exception as error:
            described = describe_exception(error)
            at = blame(described["frames"])
            place = (at["file"], at["line"], at["function"]) if at else None
            return self._schedule(execution, "exception", f"{described['type']}: {described['message']}", place=place)
        finally:
            execution.give_up()

    def _judged(self, execution: Execution, value: Any) -> Schedule:
        if self._reference is not None:
            difference = first_difference(value, self._reference())
            if difference is not None:
                said = f"{difference.where} is {difference.got}, the reference says {difference.expected}"
                return self._schedule(execution, "wrong", said)
        return self._schedule(execution, "ok", "main returned what it should")

    def _schedule(
        self,
        execution: Execution,
        outcome: str,
        reason: str,
        waits: list[tuple[str, str, str]] | None = None,
        place: tuple[str, int, str] | None = None,
        failed: str = "",
    ) -> Schedule:
        return Schedule(
            target=self.target.name,
            source_hash=self.target.source_hash,
            seed=self.seed,
            outcome=outcome,
            reason=reason,
            steps=execution.taken(),
            waits=waits or [],
            place=place,
            failed=failed,
            blocked=execution.blocked(),
        )


@contextlib.contextmanager
def in_memory() -> Iterator[None]:
    """Have new temporary files of this process in memory, where there is room, unless the user has set TMPDIR.

    To make and remove them on a disk takes longer than all the steps of a short schedule.
    """
    before = tempfile.tempdir
    usable = "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK | os.X_OK)
    if usable and shutil.disk_usage(MEMORY).free >= ROOM:
        tempfile.tempdir = MEMORY
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextlib.contextmanager
def opened(
    target: Target,
    client: ipp.Client,
    *,
    arguments: Callable[[], tuple[Any, ...]] = tuple,
    reference: Callable[[], Any] | None = None,
    seed: int | None = None,
    lines: bool = False,
) -> Iterator[Session]:
    """Open a target for a search on the engines of a client, which serve nothing else meanwhile.

    lines: every line of the target's file is a step, for code in which shared things are not seen otherwise. Raises
    BadInput for a target that can't be loaded, CannotWork if the engines don't serve.
    """
    with (
        in_memory(),
        loaded(target) as module,
        working(client, list(client.ids), target.module, str(target.file), lines) as workers,
    ):
        yield Session(target, function_of(module, target), workers, arguments, reference, seed)
