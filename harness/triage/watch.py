"""The watch over a run: its clock, the deaths of its engines, and what happens at the deadline."""

import contextlib
import ctypes
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from harness.cluster import Cluster, Death
from harness.cluster.foreign import ForeignCluster
from harness.engine.capture import blame
from harness.engine.frames import describe_exception
from harness.engine.gate import NUMBER, DeadlinePassed, Gate
from harness.recorder import Recording
from harness.store import Frame, Hang, Run, RunWriter, Stack

ANSWER = 0.1
INTERRUPT = 1.0
GRACE = 0.3
BEFORE_ANYTHING = 10.0
T = TypeVar("T")


@dataclass
class Watch:
    """Follows one recording until its tasks have ended or the deadline has passed.

    deadline: seconds from the first submission, or None for no limit. At the deadline, for each engine that is still
    at a task: its stacks, then an interrupt, then, if that did not serve within 1 s, a new process in its place.
    """

    recording: Recording
    cluster: Cluster | ForeignCluster
    run: RunWriter
    deadline: float | None
    deaths: list[Death] = field(default_factory=list)
    hangs: list[Hang] = field(default_factory=list)
    passed: bool = False
    replaced: set[int] = field(default_factory=set)
    cluster_lost: bool = False
    _over: bool = False
    _main: int | None = None
    _client_hang: Hang | None = None

    def __enter__(self) -> "Watch":
        self._forget_deaths = self.cluster.on_death(self._died)
        self._thread = threading.Thread(target=self._follow, name="harness-watch", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self.recording.changed:
            self._over = True
            self.recording.changed.notify_all()
        self._thread.join(30)
        self._forget_deaths()

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call the client's code so that the watch can stop it: DeadlinePassed is raised in it then."""
        with self.over_block():
            return function(*arguments)

    @contextlib.contextmanager
    def over_block(self) -> Iterator[None]:
        """As `call`, for the block of a with statement."""
        with _stoppable() as ident:
            self._main = ident
            try:
                yield
            except DeadlinePassed as stopped:
                self._client_hang = _where_client_waited(stopped)
                raise
            finally:
                self._main = None

    def settle(self) -> None:
        """Wait until every task has been answered, or the deadline has passed and the ladder is through."""
        self.recording.wait(lambda: self.passed or self._no_engines() or not self.recording.outstanding, None)
        if self.passed:
            self._thread.join(30)
        if self.passed and self._client_hang is not None and not self.hangs:
            self.hangs.append(self._client_hang)

    def _no_engines(self) -> bool:
        return len({death.engine for death in self.deaths}) >= len(self.recording.pids)

    def _died(self, death: Death) -> None:
        if death.requested or death.pid not in self.recording.pids.values():
            return
        with self.recording.changed:
            if self.passed or self._over:
                return
            if isinstance(self.cluster, Cluster) and death.exit_code is None and death.signal is None:
                # its controller is gone, and the engines with it: no task's doing
                self.cluster_lost = True
            self.deaths.append(death)
            self.run.event(
                "death",
                engine=death.engine,
                pid=death.pid,
                exit_code=death.exit_code,
                signal=death.signal,
                signal_name=death.signal_name,
            )
            self.recording.changed.notify_all()

    def _follow(self) -> None:
        recording = self.recording
        limit = self.deadline
        started = recording.wait(
            lambda: self._over or recording.first_sent is not None,
            None if limit is None else max(limit, BEFORE_ANYTHING),
        )
        if started and recording.first_sent is not None:
            left = None if limit is None else max(0.0, recording.first_sent + limit - time.monotonic())
            ended = recording.wait(lambda: self._over or self._no_engines(), left)
            if ended and not self._over:
                recording.wait(lambda: self._over, GRACE)
        elif started:
            ended = True
        else:
            ended = False
        if self._over:
            return
        if not ended:
            with recording.changed:
                self.passed = True
            self.run.event("deadline", seconds=limit, outstanding=[task.number for task in recording.outstanding])
            self._ladder()
        else:
            self._drop_queue()
        self._stop_client()
        with recording.changed:
            recording.changed.notify_all()

    def _ladder(self) -> None:
        """Stacks of every engine at a task, then stop them; until no task of the run is under way any more."""
        self._drop_queue()
        first = True
        limit = time.monotonic() + 5.0
        while (busy := self._at_work()) and time.monotonic() < limit:
            hangs = [self._observe(engine, task, label) for engine, (task, label) in busy.items()]
            ended = {hang.engine: self._stop_engine(hang) for hang in hangs}
            if first:
                self.hangs = [msgspec.structs.replace(hang, how_ended=ended[hang.engine]) for hang in hangs]
                self.hangs = [self._with_values(hang) for hang in self.hangs]
                first = False

    def _drop_queue(self) -> None:
        """Have what has not begun answered as aborted, so that neither this run's client nor the next run meets it."""
        self.recording.drop_queue()
        self.cluster.abort_queued(self.recording.client, [task.msg_id for task in self.recording.outstanding])

    def _at_work(self) -> dict[int, tuple[int, str]]:
        """Engines whose task has begun and not ended: engine → (task, label)."""
        alive = {pid: engine for engine, pid in self.recording.pids.items() if engine not in self._dead()}
        at: dict[int, tuple[int, str]] = {}
        for event in Run(self.run.folder).events:
            if event.engine is None or event.task is None or event.engine not in alive.values():
                continue
            if event.kind in ("received", "begin"):
                at[event.engine] = (event.task, event.data.get("label", ""))
            elif event.kind == "end":
                at.pop(event.engine, None)
        return {engine: task for engine, task in at.items() if engine not in self.replaced}

    def _dead(self) -> set[int]:
        return {death.engine for death in self.deaths}

    def _observe(self, engine: int, task: int, label: str) -> Hang:
        pid = self.recording.pids[engine]
        state = _process_state(pid)
        answer = None if state == "T" else self.recording.ask(engine, "stacks", ANSWER)
        event = self.run.event("stack", task, engine=engine, state=state, answered=answer is not None)
        at: dict[str, Any] = {}
        if answer is not None:
            stacks = msgspec.convert(answer, type=list[Stack])
            self.run.stacks(engine, stacks)
            at = blame(answer[0]["frames"]) or {}
        elif state != "T":
            self._native_stack(engine, pid)
        return Hang(
            engine=engine,
            task=task,
            label=label,
            event=event,
            file=at.get("file"),
            line=at.get("line"),
            function=at.get("function"),
            source=at.get("source", ""),
            values=at.get("locals", {}),
        )

    def _native_stack(self, engine: int, pid: int) -> None:
        """Ask faulthandler, which needs no Python to run, for the stacks; wait until they are there, 0.1 s at most."""
        process = self.cluster.engines.get(engine)
        if process is None or process.stacks is None:
            return
        before = process.stacks.stat().st_size if process.stacks.exists() else 0
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGUSR1)
        limit = time.monotonic() + ANSWER
        while time.monotonic() < limit:
            if process.stacks.exists() and (text := process.stacks.read_bytes()[before:]):
                (self.run.folder / "stacks" / f"engine-{engine}.native.txt").write_bytes(text)
                return
            time.sleep(0.002)

    def _stop_engine(self, hang: Hang) -> str:
        """Interrupt the task; replace the engine if it does not end within 1 s. Returns which it was."""
        assert hang.engine is not None
        assert hang.task is not None
        pid = self.recording.pids[hang.engine]
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, NUMBER)
        waited_for = [task for task in self.recording.tasks.values() if task.number == hang.task]
        if self.recording.wait(lambda: all(task.done for task in waited_for), INTERRUPT):
            self.run.event("interrupted", hang.task, engine=hang.engine)
            return "interrupted"
        self.replaced.add(hang.engine)
        if not isinstance(self.cluster, Cluster):
            self.run.event("not-stopped", hang.task, engine=hang.engine)
            return "not stopped: the cluster is not ours"
        self.cluster.replace(hang.engine)
        self.run.event("engine-replaced", hang.task, engine=hang.engine)
        return "engine replaced"

    def _with_values(self, hang: Hang) -> Hang:
        """The place and values from the traceback of the interrupt, if the engine could not answer before it."""
        if hang.file is not None or hang.how_ended != "interrupted":
            return hang
        run = Run(self.run.folder)
        for event in run.of_kind("raised"):
            if event.task == hang.task and event.engine == hang.engine:
                traceback = run.traceback(event.data["traceback"])
                frames = [msgspec.to_builtins(frame) for frame in traceback.frames] if traceback else []
                at = msgspec.convert(blame(frames), type=Frame | None)
                if at is not None:
                    return msgspec.structs.replace(
                        hang,
                        file=at.file,
                        line=at.line,
                        function=at.function,
                        source=at.source,
                        values=at.locals,
                        event=event.id,
                    )
        return hang

    def _stop_client(self) -> None:
        """Give the client's code 0.3 s to end by itself, then raise DeadlinePassed in it, again until it ends."""
        self.recording.wait(lambda: self._over or self._main is None, GRACE)
        for _ in range(10):
            ident = self._main
            if ident is None or self._over:
                return
            _raise_in(ident)
            self.recording.wait(lambda: self._over or self._main is None, GRACE)
        self.run.event("client-not-stopped")


def _where_client_waited(stopped: DeadlinePassed) -> Hang:
    at = blame(describe_exception(stopped)["frames"]) or {}
    return Hang(
        file=at.get("file"),
        line=at.get("line"),
        function=at.get("function"),
        source=at.get("source", ""),
        values=at.get("locals", {}),
        how_ended="interrupted",
    )


def _process_state(pid: int) -> str:
    """The letter of /proc/<pid>/stat: R runs, S sleeps, D waits for a device, T is stopped; empty where unknown."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""


@contextlib.contextmanager
def _stoppable() -> Iterator[int]:
    """Let `_raise_in` reach this thread while open; by signal in the main thread, which ends waits as well."""
    if threading.current_thread() is not threading.main_thread():
        yield threading.get_ident()
        return
    gate = Gate()
    _gates[threading.get_ident()] = gate
    gate.open = True
    try:
        yield threading.get_ident()
    finally:
        gate.open = False
        del _gates[threading.get_ident()]
        gate.close()


_gates: dict[int, Gate] = {}


def _raise_in(ident: int) -> None:
    if gate := _gates.get(ident):
        gate.open = True
        signal.pthread_kill(ident, NUMBER)
    else:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(DeadlinePassed))
