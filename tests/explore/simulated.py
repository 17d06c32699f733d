"""Programs of a few steps that run in this process, under the true scheduler: every order of them can be tried."""

import pickle
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from harness.engine.turns import ASKING
from harness.explore.execution import Choose, Deadlock, Execution
from harness.explore.schedule import Schedule, preempts
from harness.explore.search import follow
from harness.explore.view import SearchView

Operation = tuple[str, str]
"""What to do (read, write, lock, …) with what; or (thread, what it does)."""


@dataclass(frozen=True)
class Program:
    """tasks: the operations of each. early: whether main waits for one after the other, and looks at files between."""

    tasks: tuple[tuple[Any, ...], ...]
    engines: int = 2
    early: bool = False


@dataclass
class World:
    """The files, and what each actor has seen: in the order of its steps, and of those of its engine.

    answered: how often one that asked for its turn was granted it.
    """

    files: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, list[Any]] = field(default_factory=dict)
    memory: dict[int, list[Any]] = field(default_factory=dict)
    answered: int = 0


class SimulatedLink:
    """Stands for the connection of an actor."""

    def __init__(self, world: World, engine: int, started: deque["SimulatedLink"]) -> None:
        self.world, self.engine, self.name, self.lent, self._started = world, engine, "", 0, started
        self._messages: deque[tuple[Any, ...]] = deque()
        self._going: Any = None

    def begin(self, name: str, operations: Sequence[Any]) -> None:
        self.name = name
        self._going = self._run(name, operations)
        self._messages.append(next(self._going))

    def send(self, order: str, *given: Any) -> None:
        if order == "task":
            self.begin(given[1], pickle.loads(given[0])[1][0])
        elif order == "stop":
            self._messages.append(("done", False, False, None))
        else:
            self.world.answered += 1
            self._messages.append(self._going.send(given[0]))
            for _ in range(given[1]):
                kind, rule = self._messages[-1][2], self._messages[-1][-1]
                if self._messages[-1][0] == "done" or kind in ASKING or (rule and rule[0]):
                    break
                self._messages.append(self._going.send(None))

    def receive(self) -> tuple[Any, ...]:
        return self._messages.popleft()

    def _run(self, name: str, operations: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        world, seen = self.world, self.world.seen.setdefault(name, [])
        nowhere = ("", 0, "")
        yield ("at", False, "begin", "", None, nowhere, "", None)
        threads = []
        for kind, thing in operations:
            also, rule = "", None
            announced, detail, what = kind, None, f"/{thing}"
            if kind == "thread":
                announced, what = "start", f"{name}'s thread {len(threads) + 1}"
                threads.append(what)
            elif kind == "shared lock":
                announced, detail = "lock", True
            elif kind == "replace":
                also = f"/{thing}.new"
            elif kind in ("wait", "set"):
                rule = (("flag", 1), (), False) if kind == "wait" else (None, (("flag", False, 1),), False)
            given = yield ("at", False, announced, what, detail, nowhere, also, rule)
            world.memory.setdefault(self.engine, []).append(name)
            if kind == "read":
                seen.append(world.files.get(thing))
            elif kind in ("write", "set"):
                world.files[thing] = (name, len(seen), seen[-1:])
            elif kind == "replace":
                world.files[thing] = world.files.pop(f"{thing}.new", None)
            elif kind == "try":
                seen.append(given)
            elif kind == "thread":
                link = SimulatedLink(world, self.engine, self._started)
                link.begin(threads[-1], thing)
                self._started.append(link)
        for thread in threads:
            yield ("at", False, "join", thread, None, nowhere, "", None)
        yield ("done", False, True, pickle.dumps(None))


class SimulatedWorkers:
    """Stands for the engines."""

    def __init__(self, engines: int, world: World) -> None:
        self._started: deque[SimulatedLink] = deque()
        self.engines = {engine: SimulatedLink(world, engine, self._started) for engine in range(engines)}

    def accept(self) -> SimulatedLink:
        return self._started.popleft()


class SimulatedSession:
    """Executes a program under schedules; the reason of a schedule is the whole state at its end.

    answered: how often an actor had to ask in the last one.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self.executed = self.answered = 0

    def execute(self, choose: Choose) -> Schedule:
        self.executed += 1
        world, looked = World(), []
        execution = Execution(SimulatedWorkers(self._program.engines, world), choose)
        outcome = "ok"
        try:
            view = SearchView(execution)
            answers = [view.apply_async(len, task) for task in self._program.tasks]
            if self._program.early:
                for answer in answers:
                    answer.get()
                    looked.append(sorted(world.files.items()))
            execution.until(lambda: not execution.going)
        except Deadlock:
            outcome = "deadlock"
        state = (sorted(world.files.items()), sorted(world.seen.items()), sorted(world.memory.items()), looked)
        blocked = execution.blocked()
        steps = execution.taken()
        execution.give_up()
        self.answered = world.answered
        return Schedule(
            target="simulated", source_hash="", outcome=outcome, reason=repr(state), steps=steps, blocked=blocked
        )


def exhaustive(session: SimulatedSession, bound: int, most: int) -> set[tuple[str, str]] | None:
    """The states in which the program ends under any order with at most `bound` preemptions; None if above `most`."""
    found: set[tuple[str, str]] = set()
    ahead: deque[tuple[int, list[str]]] = deque([(0, [])])
    tried = 0
    while ahead:
        level, prefix = ahead.popleft()
        tried += 1
        if tried > most:
            return None
        schedule = session.execute(follow(prefix))
        found.add((schedule.outcome, schedule.reason))
        for at in range(len(prefix), len(schedule.steps)):
            step, before = schedule.steps[at], schedule.steps[at - 1] if at else None
            for other in step.enabled:
                if other == step.actor:
                    continue
                instead = msgspec.structs.replace(step, actor=other)
                cost = level + int(before is not None and preempts(before, instead))
                if cost <= bound:
                    ahead.append((cost, [*(one.actor for one in schedule.steps[:at]), other]))
    return found
