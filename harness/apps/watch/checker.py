"""Checks an exercise in a process of its own, forked from a warm one, and tells verdict and report as they come."""

import contextlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import connection, context, forkserver, get_context, parent_process
from pathlib import Path

from harness import places

LIMIT = 300.0
"""Seconds that a check may take in all; each of its runs has the exercise's own deadline."""
ENGINES = 2
GOODBYE = 5.0
"""Seconds that a check has to let go of the engines when it is interrupted."""


@dataclass(frozen=True)
class Begun:
    """A check begins; what its process prints goes to `output`."""

    exercise: str
    output: Path


@dataclass(frozen=True)
class Verdict:
    """How the learner's code did on the saved case: the run's folder, and its outcome."""

    exercise: str
    folder: Path
    outcome: str


@dataclass(frozen=True)
class Report:
    """The whole check is through."""

    exercise: str
    passed: bool


@dataclass(frozen=True)
class Broken:
    """The check itself could not be made, for the reason given in one line."""

    exercise: str
    reason: str


Told = Begun | Verdict | Report | Broken


class Checker:
    """At most one check at a time; what is asked meanwhile begins when it has ended, the last request only.

    tell: called with each `Told`, from a thread of the checker's own.
    """

    def __init__(self, tell: Callable[[Told], object]) -> None:
        self._tell = tell
        self._fork = get_context("forkserver")
        self._fork.set_forkserver_preload(["harness.apps.watch.warm"])
        forkserver.ensure_running()  # now, while the process's streams are those that a child can inherit
        self._asked: tuple[str, bool] | None = None
        self._process: context.ForkServerProcess | None = None
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="harness-checker", daemon=True)

    def __enter__(self) -> "Checker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._stop(self._process)
        self._thread.join(2 * GOODBYE)

    def ask(self, exercise: str, whole: bool) -> None:
        """Run the saved case of an exercise; then, if `whole` or if it is right, all that its check asks."""
        with self._changed:
            self._asked = exercise, whole
            self._changed.notify_all()

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asked or self._closed)
                if self._closed or self._asked is None:
                    return
                (exercise, whole), self._asked = self._asked, None
            self._check(exercise, whole)

    def _check(self, exercise: str, whole: bool) -> None:
        output = places.state() / "watch" / "output.txt"
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(b"")
        ours, theirs = self._fork.Pipe(duplex=False)
        self._tell(Begun(exercise, output))
        process = self._fork.Process(
            target=_work, args=(exercise, whole, theirs, output, places.workspace()), name="harness-check"
        )
        process.start()
        self._process = process
        theirs.close()
        last = self._listen(exercise, whole, ours, time.monotonic() + LIMIT)
        if last is not None:
            self._tell(last)
        self._stop(process)
        self._process = None

    def _listen(self, exercise: str, whole: bool, ours: connection.Connection, limit: float) -> Told | None:
        """Pass on what the process tells; returns what is to be told when it has told nothing more."""
        ended = False
        while not self._closed:
            if not ours.poll(max(0.0, limit - time.monotonic())):
                return Broken(exercise, f"the check took more than {LIMIT:g} s and was stopped")
            try:
                told = ours.recv()
            except EOFError:
                return None if ended else Broken(exercise, "the check's process died; what it printed is in Output")
            ended = not isinstance(told, Verdict) or not (whole or told.outcome == "ok")
            self._tell(told)
        return None

    def _stop(self, process: "context.ForkServerProcess | None") -> None:
        """Interrupt the process if it still runs, so that it lets go of the engines; kill its group if it doesn't."""
        if process is None or process.pid is None:
            return
        for number in (None, signal.SIGINT, signal.SIGKILL):
            if number is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
            process.join(0.5 if number is None else GOODBYE)
            if process.exitcode is not None:
                return


def _work(name: str, whole: bool, told: connection.Connection, output: Path, workspace: Path) -> None:
    """The check, in the forked process."""
    os.setsid()
    os.environ["HARNESS_WORKSPACE"] = str(workspace)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with output.open("ab", buffering=0) as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
    sys.stdin = open(os.devnull)  # noqa: SIM115 - the process's standard input until it ends
    try:
        for one in _told(name, whole):
            told.send(one)
    except KeyboardInterrupt:
        return
    except BaseException as problem:
        traceback.print_exc()
        told.send(Broken(name, (str(problem).splitlines() or [type(problem).__name__])[0]))


def _told(name: str, whole: bool) -> Iterator[Told]:
    import pytest

    from harness import cluster, course
    from harness.course import diagnosis, workspace
    from harness.course.check import Check

    exercise = course.load(name)
    diagnosis.note_prediction(exercise)
    with (
        cluster.warm_or_started(ENGINES)
        if exercise.backend is None
        else cluster.start(ENGINES, backend=exercise.backend)
    ) as running:
        run = Check(exercise, running).saved_run(exercise.reference)
    workspace.pin(exercise, run)
    assert run.outcome is not None
    yield Verdict(name, run.folder, run.outcome.outcome)
    if whole or run.outcome.outcome == "ok":
        status = int(pytest.main([str(exercise.folder), "-q", "--no-header", "--tb=short", "-p", "no:cacheprovider"]))
        yield Report(name, status == 0)


def _end_with_parent() -> None:
    """Kill this process's group if the watch is gone: nobody would read what it finds."""
    above = parent_process()
    if above is not None:
        above.join()
        os.killpg(os.getpid(), signal.SIGKILL)
