"""A program as it stands after some granted steps: what was done, what each actor would do next, what they share."""

import contextlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.errors import BadInput
from harness.explore.execution import Ahead, Choose, Execution
from harness.explore.schedule import Schedule, Step
from harness.explore.search import follow
from harness.explore.session import Session

MOST_SHOWN = 200
"""Bytes of a shared file that are read to be shown."""


class _Enough(BaseException):
    """The granted steps are done; nothing of the user's is to catch this."""


@dataclass(frozen=True)
class Position:
    """Where a program stands after the steps that were granted.

    actors: in the order in which they came. ahead: of each that has not ended. files: path and text of what the steps
    touched so far, None where there is no such file. held: lock and who holds it. queued: tasks that no engine has
    begun. ended: the schedule, if the program has ended.
    """

    steps: tuple[Step, ...] = ()
    actors: tuple[str, ...] = ()
    ahead: tuple[Ahead, ...] = ()
    files: tuple[tuple[str, str | None], ...] = ()
    held: tuple[tuple[str, tuple[str, ...]], ...] = ()
    queued: int = 0
    ended: Schedule | None = None

    @property
    def grants(self) -> tuple[str, ...]:
        """Who was granted each step."""
        return tuple(step.actor for step in self.steps)


class _Onlooker:
    """Notes the position after each step, as a program may remove what it shares when it ends; stops after the last.

    grants: the actors that may take a step, one after the other.
    """

    def __init__(self, grants: Sequence[str]) -> None:
        self.position = Position()
        self.stopped = False
        self.refused: BadInput | None = None
        self._grants = grants
        self._execution: Execution | None = None
        self._actors: dict[str, None] = {}

    def begun(self, execution: Execution) -> None:
        self._execution = execution
        execution.stepped = self.look

    def choose(self, enabled: Sequence[str], last: str | None, number: int) -> str:
        if number == 0:
            self.look()
        if number < len(self._grants) and self._grants[number] in enabled:
            return self._grants[number]
        if number < len(self._grants):
            self.refused = BadInput(f"step {number + 1}: {_why_not(self.position, self._grants[number])}")
        self.stopped = True
        raise _Enough

    def look(self) -> None:
        execution = self._execution
        assert execution is not None
        ahead = execution.ahead()
        self._actors |= dict.fromkeys([step.actor for step in execution.steps] + [one.step.actor for one in ahead])
        touched = dict.fromkeys(step.thing for step in execution.steps if step.thing.startswith("/"))
        self.position = Position(
            steps=tuple(execution.steps),
            actors=tuple(self._actors),
            ahead=tuple(ahead),
            files=tuple((thing, _content(thing)) for thing in touched if not os.path.isdir(thing)),
            held=tuple(sorted(execution.held().items())),
            queued=execution.queued,
        )


def after(session: Session, grants: Sequence[str]) -> Position:
    """Execute main from its begin, grant the steps to these actors, and stop there.

    Raises BadInput if an actor cannot be granted its step: it waits for another one, or is not there.
    """
    onlooker = _Onlooker(grants)
    return _executed(session, onlooker, onlooker.choose)


def to_the_end(session: Session, grants: Sequence[str]) -> Position:
    """The same, then on to the program's end: whoever went last goes on as long as that is possible."""
    return _executed(session, _Onlooker(grants), follow(grants))


def _executed(session: Session, onlooker: _Onlooker, choose: Choose) -> Position:
    ended = None
    with contextlib.suppress(_Enough):
        ended = session.execute(choose, onlooker.begun)
    if onlooker.refused is not None:
        raise onlooker.refused
    if ended is None or onlooker.stopped:  # a bare `except` may have swallowed what stopped it
        return onlooker.position
    return replace(onlooker.position, ended=ended)


def _why_not(position: Position, actor: str) -> str:
    for one in position.ahead:
        if one.step.actor == actor and one.blocked_by is not None:
            return f"{actor} waits for {', '.join(one.blocked_by) or 'nobody'} and cannot go; grant it to another one"
    there = ", ".join(one.step.actor for one in position.ahead)
    return f"no {actor} is at a step; there are: {there}"


def _content(path: str) -> str | None:
    """The beginning of a regular file; None if it is not there, or nothing that can be shown so."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
        with open(path, "rb") as file:
            return file.read(MOST_SHOWN).decode("utf-8", "backslashreplace")
    except OSError:
        return None
