"""A position of a program as what there is to see: steps so far, who could go next, what is shared, how it ended."""

from collections.abc import Mapping

from rich.console import RenderableType
from rich.text import Text

from harness.explore import drawing
from harness.explore.stepping import Position
from harness.views import schedules
from harness.views.schedules import Turn
from harness.views.text import short

MISSING = "(not there)"


def steps(position: Position) -> RenderableType:
    """The steps so far: engines as columns."""
    if not position.steps:
        return Text("no step yet", "dim")
    engines = sorted({step.engine for step in (*position.steps, *(one.step for one in position.ahead))})
    return schedules.by_engine(engines, drawing.rows(position.steps))


def ahead(position: Position, keys: Mapping[str, str]) -> RenderableType:
    """What each actor would do next, with its key; or how the program ended."""
    if position.ended is not None:
        return _end(position)
    of = {actor: key for key, actor in keys.items()}
    found = sorted(position.ahead, key=lambda one: position.actors.index(one.step.actor))
    return schedules.turns(
        [
            Turn(
                key=of.get(one.step.actor, ""),
                actor=one.step.actor,
                engine=one.step.engine,
                text=drawing.text(one.step),
                place=drawing.place(one.step),
                blocked_by=None if one.blocked_by is None else ", ".join(one.blocked_by) or "nobody",
            )
            for one in found
        ],
        position.queued,
    )


def shared(position: Position) -> RenderableType:
    """What the files that steps touched hold, and who holds which lock."""
    files = [(drawing.name(path), MISSING if text is None else repr(text)) for path, text in position.files]
    locks = [(f"lock {drawing.name(thing)}", f"held by {', '.join(holders)}") for thing, holders in position.held]
    return schedules.shared(files + locks)


def _end(position: Position) -> Text:
    ended = position.ended
    assert ended is not None
    text = Text(ended.outcome.upper(), "bold green" if ended.outcome == "ok" else "bold red")
    if ended.outcome == "deadlock":
        for who, what, whom in ended.waits:
            text.append(f"\n{short(f'{who} waits for {drawing.name(what)}, held by {whom}', 200)}", "red")
        return text
    return text.append(f"  {short(ended.reason, 300)}", "")
