"""A schedule as rows and columns: what each actor did at each step, which clash, where control was taken."""

from collections.abc import Sequence
from pathlib import Path

from harness.explore.schedule import Schedule, Step, preempts
from harness.views import schedule_page
from harness.views.schedules import Row

_WORDS = {
    "begin": "begins",
    "open to read": "opens {} to read",
    "open to write": "empties {}, to write",
    "open to add": "opens {} to add",
    "open to change": "opens {} to change",
    "read": "reads {}",
    "write": "writes {}",
    "replace": "replaces {}",
    "remove": "removes {}",
    "open": "opens {}",
    "make": "makes {}",
    "look": "looks at {}",
    "lock": "locks {}",
    "try": "tries to lock {}",
    "unlock": "unlocks {}",
    "sleep": "sleeps",
    "start": "starts {}",
    "join": "waits for the end of {}",
    "line": "line {}",
    "checkpoint": "{}",
    "wait": "waits for {}",
    "set": "sets {}",
    "clear": "clears {}",
    "notify": "notifies {}",
    "acquire": "takes one of {}",
    "release": "gives one back to {}",
    "put": "puts into {}",
    "get": "takes from {}",
    "finish": "is done with one from {}",
}


def columns(schedule: Schedule) -> list[str]:
    """The actors in the order of their first steps, with their engines."""
    seen: dict[str, int] = {}
    for step in schedule.steps:
        seen.setdefault(step.actor, step.engine)
    return [f"{actor} (engine {engine})" for actor, engine in seen.items()]


def actors(schedule: Schedule) -> list[str]:
    """The actors in the order of their first steps."""
    return list(dict.fromkeys(step.actor for step in schedule.steps))


def page(schedule: Schedule, about: str) -> str:
    """The schedule as an HTML page; `about` says where it is from."""
    title = f"{schedule.target}: an order of steps that ends as {schedule.outcome}"
    waits = [(who, name(what), whom or "nobody") for who, what, whom in schedule.waits]
    return schedule_page.page(title, schedule.outcome, schedule.reason, rows(schedule.steps), waits, about)


def engines(steps: Sequence[Step]) -> list[int]:
    """The engines that take part."""
    return sorted({step.engine for step in steps})


def rows(steps: Sequence[Step]) -> list[Row]:
    """Each step with what it conflicts with, and whether it interrupts the one before."""
    found = []
    touching: dict[str, dict[str, list[int]]] = {}
    for number, step in enumerate(steps):
        touching.setdefault(step.thing, {}).setdefault(step.actor, []).append(number)
    for number, step in enumerate(steps):
        before = steps[number - 1] if number else None
        found.append(
            Row(
                number=number + 1,
                actor=step.actor,
                engine=step.engine,
                text=text(step),
                place=place(step),
                clashes=_clashes(step, steps, touching[step.thing]),
                preempts=before is not None and preempts(before, step),
            )
        )
    return found


def place(step: Step) -> str:
    """Where in the code a step is, such as `task.py:12`; empty if it is not in the target's file."""
    return f"{Path(step.file).name}:{step.line}" if step.line else ""


def text(step: Step) -> str:
    """What a step does, in words."""
    thing = name(step.thing)
    return _WORDS[step.kind].format(thing) if step.kind in _WORDS else f"{step.kind} {thing}".strip()


def name(thing: str) -> str:
    """What a shared thing is called on the screen: a file without its folder."""
    return Path(thing).name if thing.startswith("/") else thing


def _clashes(step: Step, steps: Sequence[Step], touching: dict[str, list[int]]) -> tuple[int, ...]:
    """The numbers (from 1) of other actors' steps on the same thing, one of both changing it, in turns with it.

    touching: actor → its steps on that thing. Where all of one actor's come before all of the other's, none clash.
    """
    if not step.thing or step.kind in ("lock", "unlock", "try", "look", "start", "join", "line"):
        return ()
    mine = touching[step.actor]
    return tuple(
        number + 1
        for actor, theirs in touching.items()
        if actor != step.actor and mine[0] < theirs[-1] and theirs[0] < mine[-1]
        for number in theirs
        if steps[number].writes or step.writes
    )
