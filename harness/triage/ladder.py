"""What is done to engines that are still at a task when a run must end: looked at, interrupted, killed."""

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import msgspec

from harness.cluster import Cluster
from harness.cluster.foreign import ForeignCluster
from harness.cluster.process import state_and_birth
from harness.engine.capture import blame
from harness.engine.gate import NUMBER
from harness.recorder import Recording
from harness.store import Frame, Hang, Run, RunWriter, Stack
from harness.triage.native import asked_for, innermost
from harness.triage.progress import AtWork

ANSWER = 0.1
"""Seconds that an engine has to answer on its control thread, which a task that holds the GIL keeps from it."""
INTERRUPT = 1.0
"""Seconds that an interrupted task has to end, unless it is seen to have swallowed the interrupt."""
LOOK = 0.05
"""Seconds between two looks at what an interrupted engine has written, and whether its task handles the interrupt."""
ALL = 5.0
"""Seconds until no task may be at work any more, those included that were resubmitted meanwhile."""


@dataclass
class Ladder:
    """Process state, stacks with locals, an interrupt, the kill: for one engine after another, and all at once."""

    recording: Recording
    cluster: Cluster | ForeignCluster
    run: RunWriter
    replaced: set[int] = field(default_factory=set)
    """Engines that were killed; new processes take their places when the run is judged, if not at once."""
    given_up: set[int] = field(default_factory=set)
    """Engines of a cluster that is not ours, which went on although interrupted."""

    def clear(self, at_work: Callable[[], Mapping[int, AtWork]]) -> list[Hang]:
        """Stop what engines are at until none is at a task, as `at_work` tells; what they were at to begin with."""
        limit = time.monotonic() + ALL
        first: list[Hang] = []
        while (busy := self._left(at_work())) and time.monotonic() < limit:
            hangs = [self._observe(engine, work) for engine, work in busy.items()]
            with ThreadPoolExecutor(len(hangs), "harness-stop-engine") as pool:
                ended = list(pool.map(lambda hang: self._stop(hang, at_work), hangs))
            if not first:
                told = [msgspec.structs.replace(hang, how_ended=how) for hang, how in zip(hangs, ended, strict=True)]
                first = [self._with_values(hang) for hang in told]
        return first

    def seen(self, at_work: Mapping[int, AtWork]) -> list[Hang]:
        """What engines are at, their stacks taken; nothing else is done to them."""
        found = [self._observe(engine, work) for engine, work in self._left(at_work).items()]
        return [msgspec.structs.replace(hang, how_ended="not stopped: no deadline was set") for hang in found]

    def _left(self, at_work: Mapping[int, AtWork]) -> dict[int, AtWork]:
        return {engine: work for engine, work in at_work.items() if engine not in self.replaced | self.given_up}

    def _observe(self, engine: int, work: AtWork) -> Hang:
        pid = self.recording.pids[engine]
        here = self.cluster.is_here(engine)
        state = process_state(pid) if here else ""
        answer = None if state == "T" else self.recording.ask(engine, "stacks", ANSWER)
        event = self.run.event("stack", work.task, engine=engine, state=state, answered=answer is not None)
        at: dict[str, Any] = {}
        if answer is not None:
            self.run.stacks(engine, msgspec.convert(answer, type=list[Stack]))
            at = blame(answer[0]["frames"]) or {}
        elif here and state != "T":
            at = innermost(self._native_stack(engine, pid))
        return Hang(engine=engine, task=work.task, label=work.label, event=event, **place(at))

    def _native_stack(self, engine: int, pid: int) -> str:
        """What faulthandler sees, within 0.1 s; kept with the run."""
        process = self.cluster.engines.get(engine)
        text = asked_for(process, ANSWER) if process is not None else ""
        if text:
            (self.run.folder / "stacks" / f"engine-{engine}.native.txt").write_text(text, encoding="utf-8")
        return text

    def _stop(self, hang: Hang, at_work: Callable[[], Mapping[int, AtWork]]) -> str:
        """Interrupt the task; kill the engine if it swallows that or does not end within 1 s. Returns which it was."""
        assert hang.engine is not None
        assert hang.task is not None
        pid = self.recording.pids[hang.engine]
        if not self.cluster.is_here(hang.engine):
            self.given_up.add(hang.engine)
            self.run.event("not-stopped", hang.task, engine=hang.engine)
            return "not stopped: the engine is on another machine"
        if process_state(pid) != "T":
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, NUMBER)
            if self._ended(hang, at_work):
                self.run.event("interrupted", hang.task, engine=hang.engine)
                return "interrupted"
        if not isinstance(self.cluster, Cluster):
            self.given_up.add(hang.engine)
            self.run.event("not-stopped", hang.task, engine=hang.engine)
            return "not stopped: the cluster is not ours"
        self.replaced.add(hang.engine)
        if self.cluster.drops_queued:
            self.cluster.end(hang.engine)
        else:
            # what waits for an engine is to meet the new one in this run, not in the next
            self.cluster.replace(hang.engine)
        self.run.event("engine-replaced", hang.task, engine=hang.engine)
        return "engine replaced"

    def _ended(self, hang: Hang, at_work: Callable[[], Mapping[int, AtWork]]) -> bool:
        """Wait until the task is answered, or the engine is rid of it: with retries left no answer comes.

        False as soon as two looks have found that the task goes on without handling the interrupt. A clean-up, and C
        code that has not let the interrupt in yet, have their whole second.
        """
        assert hang.engine is not None
        sent = [task for task in self.recording.outstanding if task.number == hang.task]
        limit = time.monotonic() + INTERRUPT
        goes_on = 0
        while time.monotonic() < limit and goes_on < 2:
            if self.recording.wait(lambda: all(task.done for task in sent), LOOK):
                return True
            now = at_work().get(hang.engine)
            if now is None or now.task != hang.task:
                return True
            goes_on = goes_on + 1 if self.recording.ask(hang.engine, "swallowed", ANSWER) else 0
        return False

    def _with_values(self, hang: Hang) -> Hang:
        """Place and values from the traceback of the interrupt, where the engine gave none before it."""
        if hang.values or hang.how_ended != "interrupted":
            return hang
        run = Run(self.run.folder)
        for event in run.of_kind("raised"):
            if event.task == hang.task and event.engine == hang.engine:
                traceback = run.traceback(event.data["traceback"])
                frames = [msgspec.to_builtins(frame) for frame in traceback.frames] if traceback else []
                at = msgspec.convert(blame(frames), type=Frame | None)
                if at is not None:
                    return msgspec.structs.replace(hang, event=event.id, **place(msgspec.to_builtins(at)))
        return hang


def place(at: Mapping[str, Any]) -> dict[str, Any]:
    """A described frame's file, line, function, source and values, as a Hang has them."""
    names = ("file", "line", "function")
    return {**{name: at.get(name) for name in names}, "source": at.get("source", ""), "values": at.get("locals", {})}


def process_state(pid: int) -> str:
    """The letter that `ps` shows: R runs, S sleeps, D waits for a device, T is stopped; empty where there is none."""
    try:
        return state_and_birth(pid)[0]
    except OSError:
        return ""


def has_ended(pid: int) -> bool:
    """Whether there is no such process any more, or only what is left for its parent to ask about."""
    return process_state(pid) in ("", "X", "Z")
