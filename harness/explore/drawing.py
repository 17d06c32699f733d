"""A schedule as rows and columns: what each actor did at each step, which clash, where control was taken."""

from pathlib import Path

from harness.explore.schedule import Schedule, Step, preempts
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


def rows(schedule: Schedule) -> list[Row]:
    """The steps that touch something, and those that begin an actor or lose control."""
    found = []
    for number, step in enumerate(schedule.steps):
        before = schedule.steps[number - 1] if number else None
        found.append(
            Row(
                number=number + 1,
                actor=step.actor,
                text=text(step),
                place=f"{Path(step.file).name}:{step.line}" if step.line else "",
                conflict=_conflicts(step, number, schedule.steps),
                preempts=before is not None and preempts(before, step),
            )
        )
    return found


def text(step: Step) -> str:
    """What a step does, in words."""
    thing = Path(step.thing).name if step.thing.startswith("/") else step.thing
    return _WORDS.get(step.kind, step.kind + " {}").format(thing).strip()


def _conflicts(step: Step, number: int, steps: list[Step]) -> bool:
    """Whether another actor touches the same thing and one of both changes it, in turns with it."""
    if not step.thing or step.kind in ("lock", "unlock", "try", "look", "start", "join", "line"):
        return False
    others = [i for i, other in enumerate(steps) if other.thing == step.thing and other.actor != step.actor]
    clashing = [i for i in others if steps[i].writes or step.writes]
    if not clashing:
        return False
    mine = [i for i, other in enumerate(steps) if other.thing == step.thing and other.actor == step.actor]
    return any(min(mine) < i < max(mine) for i in clashing) or min(clashing) < number < max(clashing)
