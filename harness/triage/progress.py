"""What a run's events have told so far: which engine is at which task, and how each task's attempts ended."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from harness.store.growing import Step

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
    _raised: dict[int, Step] = field(default_factory=dict)
    _had: dict[int, Step] = field(default_factory=dict)

    @property
    def at_work(self) -> dict[int, AtWork]:
        """By engine: the task that it has."""
        return {engine: _work(event) for engine, event in self._had.items()}

    def take(self, steps: Iterable[Step]) -> None:
        """Take note of new steps; each engine's must come in the order in which it wrote them."""
        for step in steps:
            if step.engine is None or step.task is None:
                continue
            if step.kind in ("received", "begin"):
                self._had[step.engine] = step
            elif step.kind == "raised":
                self._raised[step.engine] = step
            elif step.kind == "end" and step.data.status:
                self._had.pop(step.engine, None)
                self._ended(step.engine, step.task, step)

    def _ended(self, engine: int, task: int, step: Step) -> None:
        raised = self._raised.pop(engine, None)
        if step.data.status == "ok":
            self.failed.pop(task, None)
            self.served_by[task] = engine
            return
        found = raised if raised is not None and raised.task == task else step
        told = found.data
        attempt = Attempt(engine, told.type, told.message, told.file, told.line, told.function, found.id)
        self.failed.setdefault(task, []).append(attempt)

    def lost(self, engine: int, event: str | None = None) -> None:
        """An engine has died: the task that it had is a failed attempt."""
        if (had := self._had.pop(engine, None)) is not None and had.task is not None:
            self.failed.setdefault(had.task, []).append(Attempt(engine, "EngineError", "it died", event=event))


def _work(step: Step) -> AtWork:
    assert step.task is not None
    return AtWork(step.task, step.data.label, step.time, step.id)
