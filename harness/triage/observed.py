"""What events alone tell of a run: answers lost, output cut, lines twice, clocks that disagree, silent engines."""

from collections.abc import Iterable

from harness.store import Event

TOLERANCE = 0.05
"""Seconds by which two clocks may disagree: what reading them one after the other, and slewing, can make of them."""


class Observed:
    """Looks at events one after the other, by time, and keeps a few numbers of each task."""

    def __init__(self) -> None:
        self.reply_lost = False
        self.received = 0
        self.orphans = False
        self.begun: set[int | None] = set()
        """Engines on which a task began."""
        self.skews = Skews()
        self._tasks: set[int | None] = set()
        self._kinds: set[str] = set()
        self._gone: set[object] = set()
        self._stopped: set[object] = set()
        self._dumb: set[object] = set()
        self._left_at_work = False
        self._at_work: set[object] = set()

    def take(self, event: Event) -> None:
        """Look at one event."""
        self.skews.take(event)
        if event.kind == "received":
            self.received += 1
            self._tasks.add(event.task)
        elif event.kind == "begin":
            self.begun.add(event.engine)
        elif event.kind == "end":
            self.reply_lost |= bool(event.data.get("reply_lost"))
        elif event.kind == "unreadable":
            self.reply_lost = True
        elif event.kind == "orphans-ended":
            self.orphans = True
        elif event.kind == "death":
            self._gone.add(event.data.get("engine"))
        elif event.kind == "unanswered":
            self._left_at_work = True
        elif event.kind == "stack" and event.data.get("state") == "T":
            self._stopped.add(event.data.get("engine"))
        elif event.kind == "stack" and event.data.get("answered") and self._left_at_work:
            self._at_work.add(event.data.get("engine"))
        elif event.kind == "not-restored" and event.data.get("answered") is False:
            self._dumb.add(event.data.get("engine"))
        elif event.kind in _SIGNS:
            self._kinds.add(event.kind)

    @property
    def retried(self) -> bool:
        """Whether a task was received more than once."""
        return self.received > len(self._tasks)

    @property
    def silent_engines(self) -> set[int]:
        """Engines that stopped answering while their process was there: stopped by a signal, or dumb at the end.

        Not those that were left at their task, and told of it: the end of the run has to wait for that.
        """
        silent = self._stopped | self._dumb - self._gone - self._at_work
        return {engine for engine in silent if isinstance(engine, int)}

    def signs(self) -> list[str]:
        """Those of `output-truncated`, `duplicate-log-lines`, `clock-skew`, `silent-engine` that the events tell."""
        found = [kind for kind in _SIGNS if kind in self._kinds]
        found += ["clock-skew"] if self.skews.found else []
        return found + (["silent-engine"] if self.silent_engines else [])


_SIGNS = ("output-truncated", "duplicate-log-lines")


class Skews:
    """Seconds by which an engine's log is ahead of the client's clock, at least; of engines that may be right, none.

    A task can't be received before it was submitted, nor its answer come before it ended: where the times say so, one
    of the clocks is wrong. Lower bounds, as what a message takes on its way is not known.
    """

    def __init__(self) -> None:
        self.found: dict[int, float] = {}
        self._ahead: dict[int, float] = {}
        self._submitted: dict[int | None, float] = {}
        self._replied: dict[int | None, float] = {}
        self._early: dict[int | None, list[Event]] = {}
        """By task: engines' events that came by before the client's event that they are compared with."""

    def take(self, event: Event) -> None:
        """Look at one event, by time. Of a task that has been answered nothing is kept."""
        if event.engine is None and event.kind in ("submitted", "reply"):
            (self._submitted if event.kind == "submitted" else self._replied)[event.task] = event.time
            for early in self._early.pop(event.task, []):
                self._compare(early)
            if event.kind == "reply":
                self._submitted.pop(event.task, None)
        elif event.engine is not None and event.kind == "engine-ready":
            self._ahead[event.engine] = float(event.data.get("log_ahead") or 0.0)
        elif event.engine is not None and event.kind in ("received", "end"):
            self._compare(event)

    def _compare(self, event: Event) -> None:
        assert event.engine is not None
        known = self._submitted if event.kind == "received" else self._replied
        other = known.get(event.task)
        if other is None:
            self._early.setdefault(event.task, []).append(event)
            return
        ahead = event.time + self._ahead.get(event.engine, 0.0) - other
        skew = min(0.0, ahead) if event.kind == "received" else max(0.0, ahead)
        if abs(skew) > max(TOLERANCE, abs(self.found.get(event.engine, 0.0))):
            self.found[event.engine] = skew
        if event.kind == "end":
            del known[event.task]


def observed(events: Iterable[Event]) -> Observed:
    """What these events, by time, tell."""
    found = Observed()
    for event in events:
        found.take(event)
    return found
