"""One execution of a program under a schedule: exactly one actor runs at a time, the others wait for their turn."""

import contextlib
import pickle
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.explore.schedule import Step
from harness.explore.workers import Link, Stalled, Workers

BUDGET = 2_000
"""Steps after which an execution counts as a livelock."""

Choose = Callable[[Sequence[str], str | None, int], str]
"""Chooses among the enabled actors, given who went last and how many steps there were."""


class TaskFailed(Exception):
    """What a task raised, as main sees it: `kind` is the type's name, `place` file, line and function."""

    def __init__(self, kind: str, text: str, place: tuple[str, int, str] | None, task: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.task = task
        self.kind = kind
        self.text = text
        self.place = place


class Deadlock(Exception):
    """Nobody can go on. `waits`: who waits for what that is held by whom."""

    def __init__(self, waits: list[tuple[str, str, str]]) -> None:
        super().__init__("; ".join(f"{who} waits for {what}, held by {whom}" for who, what, whom in waits))
        self.waits = waits


class Livelock(Exception):
    """The step budget is used up."""


@dataclass
class Task:
    """A task that main sent: packed, then running on an engine, then ended."""

    name: str
    packed: bytes
    ended: bool = False
    value: Any = None
    error: TaskFailed | None = None

    def result(self) -> Any:
        """What it returned; raises what it raised."""
        if self.error is not None:
            raise self.error
        return self.value


@dataclass
class Waiting:
    """An actor at a step that it has announced."""

    link: Link
    task: Task | None
    kind: str
    thing: str
    detail: Any
    where: tuple[str, int, str]


@dataclass(frozen=True)
class Ahead:
    """The step that an actor would take next; `blocked_by`: who keeps it from that, None if it can go."""

    step: Step
    blocked_by: tuple[str, ...] | None


@dataclass
class Execution:
    """The state of one execution. Main sends tasks, and lets them go on while it waits for one.

    stepped: called after each step, for who looks on.
    """

    workers: Workers
    choose: Choose
    stepped: Callable[[], object] = lambda: None
    steps: list[Step] = field(default_factory=list)
    _queue: deque[Task] = field(default_factory=deque)
    _waiting: dict[str, Waiting] = field(default_factory=dict)
    _busy: dict[int, Task] = field(default_factory=dict)
    _locks: dict[str, dict[str, bool]] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)
    _last: str | None = None
    _sent: int = 0

    def send(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Task:
        """Queue a task for the next free engine."""
        self._sent += 1
        task = Task(f"task {self._sent}", pickle.dumps((function, args, kwargs)))
        self._queue.append(task)
        self._hand_out()
        return task

    def until(self, done: Callable[[], bool]) -> None:
        """Let tasks go on, one step at a time, until main has what it waits for.

        Raises Deadlock, Livelock, and Stalled if an actor waits for something that the search does not see.
        """
        while not done():
            enabled = sorted(name for name, waiting in self._waiting.items() if self._can_go(name, waiting))
            if not enabled:
                raise Deadlock(self._waits())
            if len(self.steps) >= BUDGET:
                raise Livelock
            self._grant(self.choose(enabled, self._last, len(self.steps)), enabled)

    def ahead(self) -> list[Ahead]:
        """What each actor that has not ended would do next."""
        return [
            Ahead(_step(name, waiting, ()), None if self._can_go(name, waiting) else self._awaited(waiting))
            for name, waiting in self._waiting.items()
        ]

    def held(self) -> dict[str, tuple[str, ...]]:
        """Which locks are held, by whom."""
        return {thing: tuple(sorted(holders)) for thing, holders in self._locks.items() if holders}

    @property
    def queued(self) -> int:
        """How many tasks no engine has begun."""
        return len(self._queue)

    @property
    def going(self) -> bool:
        """Whether any task or thread has not ended."""
        return bool(self._waiting or self._queue)

    def give_up(self) -> None:
        """Stop every actor at its next step, so that the engines are free again."""
        self._queue.clear()
        while self._waiting:
            name, waiting = self._waiting.popitem()
            with contextlib.suppress(Stalled, OSError):  # a dead engine's tasks have stopped
                waiting.link.send("stop", None)
                self._hear(name, waiting.link, waiting.task)

    def _hand_out(self) -> None:
        for engine, link in self.workers.engines.items():
            if self._queue and engine not in self._busy:
                task = self._busy[engine] = self._queue.popleft()
                link.send("task", task.packed, task.name)
                self._hear(task.name, link, task)

    def _hear(self, name: str, link: Link, task: Task | None) -> None:
        """Take the actor's next message: it is at a step, or it has ended."""
        try:
            message = link.receive()
        except Stalled:
            raise Stalled(name) from None
        if message[0] == "at":
            _, kind, thing, detail, where = message
            self._waiting[name] = Waiting(link, task, kind, thing, detail, where)
            return
        self._ended.add(name)
        for holders in self._locks.values():
            holders.pop(name, None)
        if task is not None:
            _, fine, packed = message
            task.ended = True
            if fine:
                task.value = pickle.loads(packed)
            elif packed is not None:
                kind, text, place = pickle.loads(packed)
                task.error = TaskFailed(kind, text, place, task.name)
            del self._busy[link.engine]
            self._hand_out()

    def _can_go(self, name: str, waiting: Waiting) -> bool:
        if waiting.kind == "join":
            return waiting.thing in self._ended
        if waiting.kind != "lock":
            return True
        others = {who: shared for who, shared in self._locks.get(waiting.thing, {}).items() if who != name}
        return not others or (bool(waiting.detail) and all(others.values()))

    def _grant(self, name: str, enabled: Sequence[str]) -> None:
        waiting = self._waiting.pop(name)
        self.steps.append(_step(name, waiting, enabled))
        self._last = name
        given = None
        if waiting.kind == "lock":
            self._locks.setdefault(waiting.thing, {})[name] = bool(waiting.detail)
        elif waiting.kind == "try":
            given = self._can_go(
                name, Waiting(waiting.link, None, "lock", waiting.thing, waiting.detail, waiting.where)
            )
            if given:
                self._locks.setdefault(waiting.thing, {})[name] = bool(waiting.detail)
        elif waiting.kind == "unlock":
            self._locks.get(waiting.thing, {}).pop(name, None)
        waiting.link.send("go", given)
        self._hear(name, waiting.link, waiting.task)
        if waiting.kind == "start":
            child = self.workers.accept()
            self._hear(child.name, child, None)
        self.stepped()

    def _awaited(self, waiting: Waiting) -> tuple[str, ...]:
        """Who has to do something before the actor can go on."""
        return (waiting.thing,) if waiting.kind == "join" else tuple(sorted(self._locks.get(waiting.thing, {})))

    def _waits(self) -> list[tuple[str, str, str]]:
        found = []
        for name, waiting in sorted(self._waiting.items()):
            what = "the end of it" if waiting.kind == "join" else waiting.thing
            found.append((name, what, ", ".join(self._awaited(waiting)) or "nobody"))
        return found


def _step(name: str, waiting: Waiting, enabled: Sequence[str]) -> Step:
    file, line, function = waiting.where
    return Step(
        actor=name,
        engine=waiting.link.engine,
        kind=waiting.kind,
        thing=waiting.thing,
        detail=waiting.detail,
        file=file,
        line=line,
        function=function,
        enabled=tuple(enabled),
    )


__all__ = ["BUDGET", "Ahead", "Choose", "Deadlock", "Execution", "Livelock", "Stalled", "Task", "TaskFailed"]
