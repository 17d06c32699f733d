"""What a run's events have told so far: which engine is at which task, and how each task's attempts ended."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from harness.store import Event

UNMET = "UnmetDependency"


@dataclass(frozen=True)
class AtWork:
    """The task that an engine has, since when (seconds since 1970), by which event, in which file of the user's."""

    task: int
    label: str
    since: float
    event: str


@dataclass(frozen=True)
class Attempt:
    """One engine's try at a task that did not serve: what it raised and where, and the event that says so."""

    engine: int
    type: str = ""
    message: str = ""
    file: str | None = None
    line: int | None = None
    function: str | None = None
    event: str | None = None


@dataclass
class Progress:
    """Kept up to date by `take`. Engines appear in it once they have written an event."""

    failed: dict[int, list[Attempt]] = field(default_factory=dict)
    """By task: the attempts that did not serve, oldest first; only of tasks that no engine has served."""
    served_by: dict[int, int] = field(default_factory=dict)
    """By task: the engine that served it."""
    _raised: dict[int, Event] = field(default_factory=dict)
    _had: dict[int, Event] = field(default_factory=dict)

    @property
    def at_work(self) -> dict[int, AtWork]:
        """By engine: the task that it has."""
        return {engine: _work(event) for engine, event in self._had.items()}

    def take(self, events: Iterable[Event]) -> None:
        """Take note of new events; each engine's must come in the order in which it wrote them."""
        for event in events:
            if event.engine is None or event.task is None:
                continue
            if event.kind in ("received", "begin"):
                self._had[event.engine] = event
            elif event.kind == "raised":
                self._raised[event.engine] = event
            elif event.kind == "end":
                self._had.pop(event.engine, None)
                self._ended(event.engine, event.task, event)

    def _ended(self, engine: int, task: int, event: Event) -> None:
        raised = self._raised.pop(engine, None)
        if event.data.get("status") == "ok":
            self.failed.pop(task, None)
            self.served_by[task] = engine
            return
        found = raised if raised is not None and raised.task == task else event
        told: dict[str, Any] = {name: found.data.get(name) for name in ("file", "line", "function")}
        told |= {name: str(found.data.get(name) or "") for name in ("type", "message")}
        self.failed.setdefault(task, []).append(Attempt(engine, **told, event=found.id))

    def lost(self, engine: int, event: str | None = None) -> None:
        """An engine has died: the task that it had is a failed attempt."""
        if (had := self._had.pop(engine, None)) is not None and had.task is not None:
            self.failed.setdefault(had.task, []).append(Attempt(engine, "EngineError", "it died", event=event))


def _work(event: Event) -> AtWork:
    assert event.task is not None
    return AtWork(event.task, str(event.data.get("label") or ""), event.time, event.id)
