"""The failures of a run, grouped by where they come from, with the frame and the values that each rests on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from harness.engine.frames import is_library
from harness.store import Death, Event, Failure, Frame, Hang, Run, Traceback

_NOT_THE_TASKS_OWN = ("DeadlinePassed", "UnmetDependency")


@dataclass(frozen=True)
class Alike:
    """Failures of one type at one place, the first that happened first."""

    members: tuple[Failure, ...]

    @property
    def first(self) -> Failure:
        return self.members[0]

    @property
    def tasks(self) -> list[int]:
        return sorted({one.task for one in self.members if one.task is not None})

    @property
    def engines(self) -> list[int]:
        return sorted({one.engine for one in self.members if one.engine is not None})

    def by_message(self) -> dict[str, "Alike"]:
        """The members by what they say, in the order in which each message first showed."""
        found: dict[str, list[Failure]] = {}
        for one in self.members:
            found.setdefault(one.message, []).append(one)
        return {message: Alike(tuple(members)) for message, members in found.items()}


def failures_of(run: Run) -> list[Failure]:
    """The failures that the outcome lists; of a run without one, what its engines had recorded so far."""
    if run.outcome is not None:
        return run.outcome.failures
    labels = {event.task: str(label) for event in run.stream("begin") if (label := event.data.get("label"))}
    return [
        Failure(
            task=event.task,
            label=labels.get(event.task, ""),
            engine=event.engine,
            type=str(event.data.get("type")),
            message=str(event.data.get("message")),
            file=event.data.get("file"),
            line=event.data.get("line"),
            function=event.data.get("function"),
            event=event.id,
            traceback=event.data.get("traceback"),
        )
        for event in run.stream("raised")
        if event.data.get("type") not in _NOT_THE_TASKS_OWN
    ]


def in_question(run: Run) -> tuple[int | None, int | None]:
    """(engine, task) to look at first: of a death, a hang, the first failure, or a task whose end was not recorded.

    None for what is not known.
    """
    outcome = run.outcome
    ended: list[Death | Hang | Failure] = [*outcome.deaths, *outcome.hangs] if outcome else []
    at = [(one.engine, one.task) for one in (*ended, *failures_of(run))]
    known = next(((engine, task) for engine, task in at if engine is not None), None)
    return known or next(((event.engine, event.task) for event in _not_ended(run)), (None, None))


def _not_ended(run: Run) -> list[Event]:
    events = run.stream("received", "begin", "raised", "end")
    last = {event.engine: event for event in events if event.engine is not None and event.task is not None}
    return [event for _, event in sorted(last.items()) if event.kind != "end"]


def grouped(failures: Iterable[Failure]) -> list[Alike]:
    """Failures by root: type, file and line; in the order in which each root first showed."""
    found: dict[tuple[str, str | None, int | None], list[Failure]] = {}
    for one in failures:
        found.setdefault((one.type, one.file, one.line), []).append(one)
    return [Alike(tuple(members)) for members in found.values()]


def decisive_frames(traceback: Traceback | None, failure: Failure) -> list[Frame]:
    """The frame that a failure is blamed on, then the user's functions that called it, innermost first.

    Empty if there is no recorded traceback.
    """
    frames = traceback.frames if traceback else []
    at = [i for i, frame in enumerate(frames) if (frame.file, frame.line) == (failure.file, failure.line)]
    last = at[-1] if at else len(frames) - 1
    return [frame for frame in frames[last::-1] if frame is frames[last] or not is_library(frame.file)]


def by_relevance(values: dict[str, str], source: str) -> list[tuple[str, str]]:
    """A frame's values: those that its line names first, in the order of the line; the interpreter's own names last."""
    order = {name: at for at, name in reversed(list(enumerate(re.findall(r"\w+", source))))}
    return sorted(values.items(), key=lambda item: (not item[0].isidentifier(), order.get(item[0], len(source))))
