"""Looks, now and then, whether what a run waits for can never come; each look is cheap, and they get rarer."""

import time
from collections.abc import Callable
from typing import Any

import msgspec
from ipyparallel import Dependency

from harness.cluster import Cluster
from harness.cluster.foreign import ForeignCluster
from harness.cluster.process import children
from harness.recorder import Recording
from harness.recorder.recording import Sent
from harness.recorder.sampling import usage_of
from harness.store import Hang
from harness.triage import deadlock
from harness.triage.deadlock import Deadlock, Nested, Wait
from harness.triage.endless import Queued, never_begin
from harness.triage.ladder import ANSWER
from harness.triage.progress import AtWork, Progress

FIRST = 0.1
LONGEST = 1.0
SHARE = 0.15
"""A look comes when the run has grown by this share of its length since the last, within the two bounds (seconds)."""
RARELY = 5.0
"""Seconds between two questions to an engine that is long at one task; at first they come when that time doubles."""
IDLE = 0.2
"""An engine that takes less than this share of a core waits for something."""


class Lookout:
    """Proves that tasks in the queue, or at engines, wait for what can never come."""

    def __init__(self, recording: Recording, cluster: Cluster | ForeignCluster, progress: Progress) -> None:
        self._recording = recording
        self._cluster = cluster
        self._progress = progress
        self._ids = {uuid: engine for engine, uuid in recording.client._engines.items()}
        self._dependent: list[Sent] = []
        self._busy: dict[int, tuple[AtWork, float, float]] = {}
        self._asked: dict[AtWork, float] = {}

    def pause(self, gone: float) -> float:
        """Seconds until the next look, after so many seconds of the run."""
        return min(LONGEST, max(FIRST, SHARE * gone))

    def look(self) -> list[Hang]:
        """What is proven to be endless now, causes first; empty for nothing."""
        self._note_dependent()
        return self._in_queue() or self._at_engines()

    def _note_dependent(self) -> None:
        """Find those among the tasks sent since the last look that must come after others."""
        while self._recording.dependent:
            self._dependent.append(self._recording.dependent.popleft())

    # ------------------------------------------------------------------ in the queue

    def _in_queue(self) -> list[Hang]:
        self._dependent = [task for task in self._dependent if not task.done]
        if not self._dependent and not self._progress.failed:
            return []
        tried = [task for task in self._recording.outstanding if task.number in self._progress.failed]
        asked = {task.number: task for task in (*tried, *self._dependent) if task.wishes is not None}
        alive = set(self._recording.client.ids)
        if not asked or not alive:
            return []
        numbers = self._recording.numbers
        queued = [self._queued(task) for _, task in sorted(asked.items())]
        hangs = []
        for found in never_begin(queued, self._progress, alive, numbers):
            last = found.attempt
            at: dict[str, Any] = {}
            if last is not None:
                at = {"file": last.file, "line": last.line, "function": last.function, "event": last.event}
            hangs.append(Hang(task=found.task, how_ended="dropped from the queue", why=found.why, **at))
        return hangs

    def _queued(self, task: Sent) -> Queued:
        wishes = task.wishes or {}
        return Queued(
            number=task.number,
            msg_id=task.msg_id,
            retries=wishes.get("retries", 0),
            targets=frozenset(self._ids.get(uuid, -1) for uuid in wishes.get("targets", ())),
            after=Dependency(wishes["after"]) if "after" in wishes else None,
            follow=Dependency(wishes["follow"]) if "follow" in wishes else None,
            timeout=bool(wishes.get("timeout")),
        )

    # ------------------------------------------------------------------ at engines

    def _at_engines(self) -> list[Hang]:
        idle = self._idle()
        due = {engine: work for engine, work in idle.items() if self._is_due(work)}
        if not due:
            return []
        known = {engine: waits for engine in idle if (waits := self._waits(engine))}
        locked = [found for engine, waits in known.items() if (found := deadlock.among_threads(engine, waits))]
        deadlocks = locked or self._on_files(known) or self._on_tasks(known, idle)
        return [self._hang(each, idle) for each in deadlocks]

    def _idle(self) -> dict[int, AtWork]:
        """Engines of this machine that have been at the same task since the last look without taking processor time."""
        idle = {}
        for engine, work in self._progress.at_work.items():
            if not self._cluster.is_here(engine) or (used := usage_of(self._recording.pids[engine])) is None:
                continue
            before, now = self._busy.get(engine), time.monotonic()
            if before is not None and before[0] == work and used.cpu - before[2] < IDLE * (now - before[1]):
                idle[engine] = work
            self._busy[engine] = (work, now, used.cpu)
        return idle

    def _is_due(self, work: AtWork) -> bool:
        now = time.time()
        last = self._asked.get(work, work.since)
        if now - last < min(RARELY, last - work.since):
            return False
        self._asked = {known: at for known, at in self._asked.items() if known in self._progress.at_work.values()}
        self._asked[work] = now
        return True

    def _waits(self, engine: int) -> list[Wait]:
        answer = self._recording.ask(engine, "waits", ANSWER)
        return msgspec.convert(answer, type=list[Wait]) if answer is not None else []

    def _on_files(self, waits: dict[int, list[Wait]]) -> list[Deadlock]:
        def look() -> list[Deadlock]:
            pids = {engine: self._recording.pids[engine] for engine in waits}
            parents = [engine for engine, pid in pids.items() if children(pid)]
            return deadlock.on_files(pids, waits, deadlock.locks(), parents)

        return look() and _twice(look)

    def _on_tasks(self, waits: dict[int, list[Wait]], idle: dict[int, AtWork]) -> list[Deadlock]:
        nested = []
        for engine, threads in waits.items():
            main = next((wait for wait in threads if wait.main and wait.tasks), None)
            if main is not None:
                work = idle[engine]
                nested.append(Nested(engine, work.task, work.label, tuple(main.tasks), deadlock.place_of(main)))
        if not nested:
            return []
        engines = set(self._recording.client.ids)

        def look() -> list[Deadlock]:
            queues = self._queues(engines)
            return deadlock.on_tasks(nested, engines, *queues) if queues else []

        found = look()
        if not found or _twice(look) != found:
            return []
        still = {each.engine: [wait.tasks for wait in self._waits(each.engine) if wait.main] for each in nested}
        return found if all(still[each.engine] == [list(each.awaited)] for each in nested) else []

    def _queues(self, engines: set[int]) -> tuple[set[str], dict[int, list[str]]] | None:
        """What the hub says: message ids of tasks that the scheduler gave to nobody, and of those queued by name."""
        client = self._recording.client
        content = {"targets": sorted(engines), "verbose": True}
        future = client._send(client._query_stream, "queue_request", content=content)
        if not future.wait(ANSWER):
            return None
        told = future.result()["content"]
        if told.get("status") != "ok":
            return None
        return set(told["unassigned"]), {engine: list(told[str(engine)]["queue"]) for engine in engines}

    def _hang(self, found: Deadlock, at_work: dict[int, AtWork]) -> Hang:
        work = at_work[found.engine]
        return Hang(
            engine=found.engine,
            task=work.task,
            label=work.label,
            event=work.event,
            why=found.why,
            waits=list(found.waits),
        )


def _twice(look: Callable[[], list[Deadlock]]) -> list[Deadlock]:
    """The same look a moment later: what was only under way has moved on."""
    time.sleep(ANSWER / 2)
    return look()
