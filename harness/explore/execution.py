"""One execution of a program under a schedule: exactly one actor runs at a time, the others wait for their turn."""

import contextlib
import pickle
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from harness.engine.turns import ASKING
from harness.explore.schedule import END, Step, sleeps, told
from harness.explore.shared import NONE, Rule, Shared
from harness.explore.workers import Link, Stalled, Workers

BUDGET = 2_000
"""Steps after which an execution counts as a livelock."""
PATIENCE = 200
"""Steps that an actor may take while another one that could go takes none; a sleep counts for 25. Without such a limit
a task that polls is accused of never ending (Musuvathi and Qadeer, "Fair stateless model checking", PLDI 2008)."""
SLEEP = 25
QUEUE = "the queue of tasks"
MAIN = "main"
MOST_LENT = 64
"""Steps that an actor may take without asking, where it is known that they will be its own: asking takes longest."""

Choose = Callable[[Sequence[str], str | None, int], str]
"""Chooses among the enabled actors, given who went last (None if that one sleeps or can't go on) and how many steps
there were. Actors that sleep come last among the enabled ones; else they begin with who follows the one before.
If it has a method `lend(actor, others, step)`, that says how many of the steps from this one on it gives to an actor,
whatever the others at a step can do."""


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
        super().__init__("; ".join(told(*wait) for wait in waits))
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
    """An actor at a step that it has announced. granted: it did not wait for an answer."""

    link: Link
    task: Task | None
    kind: str
    thing: str
    detail: Any
    where: tuple[str, int, str]
    also: str = ""
    rule: Rule = NONE
    granted: bool = False


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
    stepped: Callable[[], object] | None = None
    steps: list[Step] = field(default_factory=list)
    main_acts: bool = False
    _main_waits: str = ""
    _queue: deque[Task] = field(default_factory=deque)
    _waiting: dict[str, Waiting] = field(default_factory=dict)
    _busy: dict[int, Task] = field(default_factory=dict)
    _shared: Shared = field(default_factory=Shared)
    _ended: set[str] = field(default_factory=set)
    _partly: bool = False
    _last: str | None = None
    _sent: int = 0
    _unpaired: dict[str, int] = field(default_factory=dict)
    _effort: dict[str, int] = field(default_factory=dict)
    _waited_since: dict[str, dict[str, int]] = field(default_factory=dict)

    def send(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Task:
        """Queue a task for the next free engine."""
        self._sent += 1
        task = Task(f"task {self._sent}", pickle.dumps((function, args, kwargs)))
        self._queue.append(task)
        self._hand_out()
        return task

    def until(self, done: Callable[[], bool], awaited: Collection[Task] | None = None) -> None:
        """Let tasks go on, one step at a time, until main has what it waits for.

        awaited: the tasks that it waits for; None if all. Raises Deadlock, Livelock, and Stalled if an actor waits for
        something that the search does not see.
        """
        unfinished = [*self._busy.values(), *self._queue]
        self._partly |= awaited is not None and any(task not in awaited for task in unfinished)
        while not done():
            enabled, yielding, last = self._turn()
            if not enabled:
                raise Deadlock(self._waits())
            if len(self.steps) >= BUDGET:
                raise Livelock
            self._grant(self.choose(enabled, last, len(self.steps)), enabled, yielding)

    def by_main(self, kind: str, thing: str, detail: Any = None, also: str = "", rule: Any = None) -> bool | None:
        """What main does to a thing that tasks share, once that is possible; tasks go on until then.

        It happens along with the step before it. Which one that is may depend on the order: any may be one to act on.
        """
        found = Rule(*rule) if rule else NONE

        def possible() -> bool:
            return self._shared.can_go(MAIN, kind, thing, bool(detail), found)

        self.main_acts |= bool(self.steps and self.going)
        if not possible():
            self._main_waits = thing
            self.until(possible, ())
            self._main_waits = ""
        return self._shared.take(MAIN, kind, thing, bool(detail), found)

    def _turn(self) -> tuple[list[str], tuple[str, ...], str | None]:
        """Who can go, in the order in which they are offered; who of them sleeps; who would naturally go on."""
        able = {name for name, waiting in self._waiting.items() if self._can_go(name, waiting)}
        for name in self._waiting:
            if name not in able or name not in self._waited_since:
                self._waited_since[name] = dict(self._effort)
        enabled = [name for name in able if not self._inconsiderate(name, able)] or list(able)
        asleep = {name for name in enabled if sleeps(self._waiting[name].kind)}
        last = self._last
        enabled.sort(key=lambda name: (name in asleep, last is not None and name <= last, name))
        natural = last if last in enabled and last not in asleep else None
        return enabled, tuple(sorted(asleep)), natural

    def _inconsiderate(self, name: str, able: Collection[str]) -> bool:
        """Whether an actor went on for long while another one could have gone, and did not."""
        effort = 0 if self._waiting[name].granted else self._effort.get(name, 0)
        return effort >= PATIENCE and any(
            effort - self._waited_since[other].get(name, 0) >= PATIENCE for other in able if other != name
        )

    def ahead(self) -> list[Ahead]:
        """What each actor that has not ended would do next."""
        return [
            Ahead(_step(name, waiting, ()), None if self._can_go(name, waiting) else self._holders(waiting))
            for name, waiting in self._waiting.items()
        ]

    def held(self) -> dict[str, tuple[str, ...]]:
        """Which locks are held, by whom."""
        return {thing: tuple(sorted(holders)) for thing, holders in self._shared.locks.items() if holders}

    def taken(self) -> list[Step]:
        """The steps that were taken. If main shares things with tasks, each may be one that it acted on."""
        if not self.main_acts:
            return list(self.steps)
        return [msgspec.structs.replace(step, wide=True) for step in self.steps]

    def blocked(self) -> list[Step]:
        """The steps at which actors wait that cannot go on."""
        stuck = [(name, one) for name, one in sorted(self._waiting.items()) if not self._can_go(name, one)]
        return [_step(name, waiting, ()) for name, waiting in stuck]

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
                if not waiting.granted:
                    waiting.link.send("stop", None, 0)
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
        if message[1] and self.steps:
            # what it has done since that step was granted may have touched what is not seen
            self.steps[-1] = msgspec.structs.replace(self.steps[-1], wide=True)
        if message[0] == "at":
            kind, thing, detail, where, also, rule = message[2:]
            found = Rule(*rule) if rule else NONE
            granted = link.lent > 0 and kind not in ASKING and found.need is None
            link.lent -= granted
            self._waiting[name] = Waiting(link, task, kind, thing, detail, where, also, found, granted)
            return
        link.lent = 0
        self._ended.add(name)
        self._shared.forget(name)
        if self._unpaired.pop(name, 0) > 0 and self.steps:
            self.steps[-1] = msgspec.structs.replace(self.steps[-1], wide=True)
        if task is not None:
            fine, packed = message[2:]
            task.ended = True
            if fine:
                task.value = pickle.loads(packed)
            elif packed is not None:
                kind, text, place = pickle.loads(packed)
                task.error = TaskFailed(kind, text, place, task.name)
            del self._busy[link.engine]
            self._note_end()
            self._hand_out()

    def _note_end(self) -> None:
        """Note in the last step what the end of a task may bring about: main goes on, or the next task begins.

        Whether it does so depends on the order of the ends; what is noted must not.
        """
        if not self.steps:
            return
        last = self.steps[-1]
        if self._partly:
            self.steps[-1] = msgspec.structs.replace(last, wide=True)
        elif self._sent > len(self.workers.engines):
            self.steps[-1] = msgspec.structs.replace(last, also=QUEUE, wide=last.wide or bool(last.also))

    def _can_go(self, name: str, waiting: Waiting) -> bool:
        if waiting.kind == "join":
            return waiting.thing in self._ended
        return self._shared.can_go(name, waiting.kind, waiting.thing, bool(waiting.detail), waiting.rule)

    def _grant(self, name: str, enabled: Sequence[str], yielding: tuple[str, ...]) -> None:
        waiting = self._waiting.pop(name)
        self.steps.append(_step(name, waiting, enabled, yielding))
        self._last = name
        self._effort[name] = self._effort.get(name, 0) + (SLEEP if sleeps(waiting.kind) else 1)
        self._waited_since[name] = dict(self._effort)
        if waiting.thing.startswith("/"):
            paired = {"lock": 1, "lock a while": 1, "try": 1, "unlock": -1}.get(waiting.kind, 0)
            self._unpaired[name] = self._unpaired.get(name, 0) + paired
        given = self._shared.take(name, waiting.kind, waiting.thing, bool(waiting.detail), waiting.rule)
        if not waiting.granted:
            # an onlooker, main or a new thread may want something else after this step
            asks = self.stepped is not None or self._main_waits or waiting.kind == "start"
            lend = None if asks else getattr(self.choose, "lend", None)
            waiting.link.lent = lend(name, self._waiting, len(self.steps)) if lend else 0
            waiting.link.send("go", given, waiting.link.lent)
        self._hear(name, waiting.link, waiting.task)
        if waiting.kind == "start":
            child = self.workers.accept()
            self._hear(child.name, child, None)
        if self.stepped is not None:
            self.stepped()

    def _holders(self, waiting: Waiting) -> tuple[str, ...]:
        """Who has to do something before the actor can go on; empty if that is not known."""
        if waiting.kind == "join":
            return (waiting.thing,)
        return tuple(sorted(self._shared.locks.get(waiting.thing, {})))

    def _waits(self) -> list[tuple[str, str, str]]:
        main = [(MAIN, self._main_waits, self._of(self._main_waits))] if self._main_waits else []
        return main + [
            (name, END if waiting.kind == "join" else waiting.thing, ", ".join(self._holders(waiting)))
            for name, waiting in sorted(self._waiting.items())
        ]

    def _of(self, lock: str) -> str:
        return ", ".join(sorted(self._shared.locks.get(lock, {})))


def _step(name: str, waiting: Waiting, enabled: Sequence[str], yielding: tuple[str, ...] = ()) -> Step:
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
        enabled=tuple(sorted(enabled)),
        also=waiting.also,
        yielding=yielding,
    )


__all__ = ["BUDGET", "Ahead", "Choose", "Deadlock", "Execution", "Livelock", "Stalled", "Task", "TaskFailed"]
