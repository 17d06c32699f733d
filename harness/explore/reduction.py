"""Which orders of steps are left to be tried: those that tell dependent steps apart, fewest preemptions first.

Partial-order reduction for a bounded search, after Flanagan and Godefroid, "Dynamic partial-order reduction for model
checking software" (POPL 2005), and Coons, Musuvathi and McKinley, "Bounded partial-order reduction" (OOPSLA 2013).
"""

from collections import deque
from collections.abc import Iterator
from itertools import accumulate, pairwise

from msgspec import structs

from harness.explore.schedule import Schedule, Step, preempts

_READING = frozenset(["open to read", "read", "look"])
_ANYTHING = frozenset(["checkpoint", "line"])
_THREADS = ("start", "join", "begin", "sleep")


class Frontier:
    """Choices with at most `bound` preemptions that begin orders which are still to be tried."""

    def __init__(self, bound: int) -> None:
        self._levels: list[deque[list[str]]] = [deque() for _ in range(bound + 1)]
        self._levels[0].append([])
        self._planned: set[int] = set()

    def next(self) -> tuple[int, list[str]] | None:
        """The preemptions and the choices of an order to be tried, of those with the fewest; None if none is left."""
        return next(((level, each.popleft()) for level, each in enumerate(self._levels) if each), None)

    @property
    def complete(self) -> int:
        """Preemptions up to which nothing is left to be tried; -1 if not even without any."""
        return next((level for level, each in enumerate(self._levels) if each), len(self._levels)) - 1

    def note(self, schedule: Schedule, begin: int) -> None:
        """Add what an executed order shows to be left: `begin` is the number of its choices that were prescribed."""
        steps = schedule.steps
        # one hash for each beginning of the schedule
        keys = list(accumulate(schedule.choices, lambda key, actor: hash((key, actor)), initial=0))
        costs = [0, *accumulate((int(preempts(*two)) for two in pairwise(steps)), initial=0)]
        self._planned.update(keys)
        for at, actor in _alternatives(schedule, begin):
            key = hash((keys[at], actor))
            if key in self._planned:
                continue
            interrupts = at > 0 and preempts(steps[at - 1], structs.replace(steps[at], actor=actor))
            if (cost := costs[at] + int(interrupts)) < len(self._levels):
                self._planned.add(key)
                self._levels[cost].append([*(step.actor for step in steps[:at]), actor])


def _alternatives(schedule: Schedule, begin: int) -> Iterator[tuple[int, str]]:
    """Before which step which other actor is to go, so that two steps that depend on each other change their order.

    As preemptions are bounded, a change is also tried where it may cost fewer of them: where the actor that went first
    got its turn, and wherever it slept.
    """
    steps = schedule.steps
    names = _Names(steps)
    if names.renamed or any(step.wide for step in steps):
        begin = 0  # what this order shows of them, the one that it parts from may not have shown
    mine: dict[str, list[int]] = {}
    before: dict[str, dict[str, int]] = {}
    for number, step in enumerate([*steps, *schedule.blocked]):
        ordered = _ordered(step, number, steps, mine, before)
        if number >= begin - 1:
            since = mine.get(step.actor, [-1])[-1]
            for other, theirs in mine.items():
                if other != step.actor:
                    yield from _reversals(step, since, theirs, ordered.get(other, -1), steps, names)
        if number < len(steps):
            mine.setdefault(step.actor, []).append(number)


def _reversals(
    step: Step, since: int, theirs: list[int], ordered: int, steps: list[Step], names: "_Names"
) -> Iterator[tuple[int, str]]:
    """Where a step has to be tried before another actor's that may come after it, too.

    since: the number of the actor's step before it. Of all that the other one did from then on while this step was
    ahead, any may be the one that can change places with it within the bound; of what it did earlier, the last one.
    While the other one holds the lock that the step takes, only a third one can go before it.
    """
    for at in reversed(theirs):
        if at <= ordered:
            return
        if not names.dependent(steps[at], step):
            continue
        for place in _places(at, steps):
            enabled = steps[place].enabled
            for other in (step.actor,) if step.actor in enabled else enabled:
                yield place, other
        if at < since and not (step.kind == "lock" and names.held(step.thing, at)):
            return


def _places(at: int, steps: list[Step]) -> Iterator[int]:
    """The step itself, the first one of its actor's turn, and those before which that actor slept."""
    yield at
    actor = steps[at].actor
    while at and steps[at - 1].actor == actor:
        if actor in steps[at].yielding:
            yield at
        at -= 1
    yield at


def _ordered(
    step: Step, number: int, steps: list[Step], mine: dict[str, list[int]], before: dict[str, dict[str, int]]
) -> dict[str, int]:
    """Of each other actor, its last step that comes before this one in any order: before it was started, or joined."""
    known = before.get(step.actor)
    if known is None:
        parent, _, child = step.actor.rpartition("'s thread ")
        known = before[step.actor] = {}
        if child and parent in mine:
            started = next(at for at in reversed(mine[parent]) if steps[at].thing == step.actor)
            known.update(before[parent])
            known[parent] = started
    if step.kind == "join" and step.thing in mine:
        for actor, last in {**before.get(step.thing, {}), step.thing: number}.items():
            known[actor] = max(last, known.get(actor, -1))
    return known


class _Names:
    """What things are in one schedule: which names renaming has made one, and when who held which lock."""

    def __init__(self, steps: list[Step]) -> None:
        self._same: dict[str, str] = {}
        self._holds: dict[str, list[tuple[str, int, int]]] = {}
        taken: dict[str, tuple[str, int]] = {}
        for number, step in enumerate(steps):
            if step.kind == "lock" and not step.detail:
                taken[step.thing] = step.actor, number
            elif step.kind == "unlock" and step.thing in taken:
                actor, begin = taken.pop(step.thing)
                self._holds.setdefault(step.thing, []).append((actor, begin, number))
            if step.kind == "replace" and step.also:
                one, other = self._of(step.thing), self._of(step.also)
                if one != other:
                    self._same[one] = other
        for thing, (actor, begin) in taken.items():
            self._holds.setdefault(thing, []).append((actor, begin, len(steps)))
        self._actors = [step.actor for step in steps]

    @property
    def renamed(self) -> bool:
        return bool(self._same)

    def held(self, lock: str, at: int) -> bool:
        """Whether the actor of a step held the lock then, so that nobody else could have taken it."""
        return any(actor == self._actors[at] and begin < at <= end for actor, begin, end in self._holds.get(lock, ()))

    def _of(self, thing: str) -> str:
        if not self._same:
            return thing
        for end in [len(thing), *(at for at in range(len(thing) - 1, 0, -1) if thing[at] == "/")]:
            if (same := self._same.get(thing[:end])) is not None:
                return self._of(same + thing[end:])
        return thing

    def dependent(self, one: Step, other: Step) -> bool:
        """Whether it may matter which of two actors' steps comes first. Threads of one engine share all its memory."""
        if one.wide or other.wide or one.engine == other.engine:
            return True
        if one.kind in _ANYTHING or other.kind in _ANYTHING:
            return True
        if one.also and other.also == one.also:
            return True
        reading = one.kind in _READING and other.kind in _READING
        pairs = [
            (one.thing, other.thing, not reading),
            (one.also, other.thing, True),
            (one.thing, other.also, True),
            (one.also, other.also, True),
        ]
        return any(matters and a and b and _meet(self._of(a), self._of(b)) for a, b, matters in pairs)


def _meet(one: str, other: str) -> bool:
    """Whether two things are the same, or one is in the other."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")
