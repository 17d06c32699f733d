"""A schedule as it is saved: the steps that were granted, and between which actors there was a choice."""

from itertools import pairwise
from typing import Any

import msgspec

FORMAT = 1
END = "the end of it"
"""What an actor waits for that joins another one."""
_CHANGING = frozenset(
    ["write", "open to write", "open to add", "replace", "remove", "open", "make", "line", "checkpoint"]
)


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One granted step: whose, what kind of step on which thing, where in the code, who else could have gone.

    A step is about to happen when it is granted; until the actor's next step, it is all that happens. also: a second
    thing that it changes, such as the name that a renamed file had. wide: it may touch anything, as main went on after
    it while other tasks were under way, or as its actor uses what a search does not see, such as a database. yielding:
    those of `enabled` that sleep, so that going on with another one interrupts nobody.
    """

    actor: str
    engine: int
    kind: str
    thing: str = ""
    detail: Any = None
    file: str = ""
    line: int = 0
    function: str = ""
    enabled: tuple[str, ...] = ()
    also: str = ""
    wide: bool = False
    yielding: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether the step may change what others see."""
        return self.kind in _CHANGING


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """schedule.json: the steps of one execution, what came of it, and of which source.

    outcome: `ok`, `wrong`, `exception`, `deadlock`, `livelock` or `diverged`. waits: in a deadlock, who waits for what
    that is held by whom, empty where nobody is left who could end the wait. blocked: the steps at which actors wait
    then. place: file, line and function in which an exception was raised; failed: the task that raised
    it, empty if main did.
    """

    format: int = FORMAT
    target: str
    source_hash: str
    seed: int | None = None
    outcome: str
    reason: str
    steps: list[Step]
    waits: list[tuple[str, str, str]] = []
    place: tuple[str, int, str] | None = None
    failed: str = ""
    blocked: list[Step] = []

    @property
    def choices(self) -> list[str]:
        """Who was granted each step: what a replay needs."""
        return [step.actor for step in self.steps]

    @property
    def preemptions(self) -> int:
        """How often another actor went on although the one before could have."""
        return len(preempted(self.steps))


def preempted(steps: list[Step]) -> list[tuple[Step, Step]]:
    """Each step after which another actor was granted one although the step's own could go on, with that other one."""
    return [(one, next_) for one, next_ in pairwise(steps) if preempts(one, next_)]


def preempts(before: Step, step: Step) -> bool:
    """Whether the actor of `before` was interrupted by that of `step`, which came next."""
    return step.actor != before.actor and before.actor in step.enabled and before.actor not in step.yielding


def sleeps(kind: str) -> bool:
    """Whether who is at such a step waits for nothing but time, so that others go first."""
    return kind == "sleep" or kind.endswith(" a while")


def told(who: str, what: str, whom: str) -> str:
    """A wait in words."""
    if what == END:
        return f"{who} waits for the end of {whom}"
    return f"{who} waits for {what}, " + (f"held by {whom}" if whom else "and nobody is left who could end that")
