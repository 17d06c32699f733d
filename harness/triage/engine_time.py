"""Where the engines' time went in a run, from its events: at work, or idle, and then what they were waiting for."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate, pairwise

from harness.store import Event, Run
from harness.store.schema import NUMBERS


@dataclass(frozen=True)
class Attempt:
    """One task on one engine; times in seconds since the epoch, lengths in seconds.

    `no_core` is how much of `run` the task was ready and had no core, `waited` how much it waited for anything else,
    `imported` what imports took of it. `threads` were at work for the task, its own included;
    `loaded` is the bytes of the files that it read.
    """

    engine: int
    submitted: float
    received: float
    end: float
    unpack: float
    run: float
    pack: float
    cpu: float
    no_core: float
    imported: float
    threads: int
    loaded: float

    @property
    def waited(self) -> float:
        return max(0.0, self.run - self.cpu - self.no_core)


@dataclass(frozen=True)
class Spent:
    """Where the time of all engines went, in engine-seconds: together `engines` times the length of main.

    running: inside tasks. unpacking: arguments read, results packed. The rest is idle time. sending: the next task, or
    the last answer, is on its way. While others work, submitting: the client has not come to the next task yet; turns:
    the client waits for their answer before it submits the next task; tail: nothing is left to submit. client: no task
    is out at all.
    """

    running: float
    unpacking: float
    sending: float
    submitting: float
    turns: float
    tail: float
    client: float

    @property
    def total(self) -> float:
        return sum(getattr(self, field.name) for field in fields(self))

    @property
    def shares(self) -> dict[str, float]:
        """What share of the total each was."""
        return {field.name: getattr(self, field.name) / self.total for field in fields(self)}


@dataclass(frozen=True)
class Timed:
    """A run with its times. `begin` and `end` are those of main, in seconds since the epoch."""

    run: Run
    begin: float
    end: float
    attempts: list[Attempt]
    spent: Spent

    @property
    def seconds(self) -> float:
        """How long main took."""
        return self.end - self.begin


def timed(run: Run) -> Timed | None:
    """The run's times; None if it does not tell when main began and returned, or no task ended."""
    submitted: dict[int | None, float] = {}
    replied: list[float] = []
    begin = end = None
    for event in run.of_kind("recording", "submitted", "reply", "main-returned"):
        if event.kind == "recording":
            begin = event.time
        elif event.kind == "main-returned":
            end = event.time
        elif event.kind == "reply":
            replied.append(event.time)
        else:
            submitted[event.task] = event.time
    attempts = list(_attempts(run.events, submitted))
    if begin is None or end is None or end <= begin or not attempts:
        return None
    attempts = [attempt for attempt in attempts if attempt.received < end]
    spent = _spent(run.manifest.engines, begin, end, attempts, sorted(submitted.values()), sorted(replied))
    return Timed(Run(run.folder), begin, end, attempts, spent)  # not the events, which are many


def _attempts(events: Iterable[Event], submitted: dict[int | None, float]) -> Iterable[Attempt]:
    received: dict[tuple[int, int | None], float] = {}
    for event in events:
        if event.engine is None:
            continue
        at = event.engine, event.task
        if event.kind == "received":
            received[at] = event.time
        elif event.kind == "end" and at in received:
            seconds = event.data["seconds"]
            yield Attempt(
                engine=event.engine,
                submitted=submitted.get(event.task, received[at]),
                received=received.pop(at),
                end=event.time,
                unpack=seconds.get("unpack", 0.0),
                run=seconds.get("run", 0.0),
                pack=seconds.get("pack", 0.0),
                cpu=_number(event.data.get("work", event.data.get("cpu"))),
                no_core=_number(event.data.get("no_core")),
                imported=_number((event.data.get("imports") or [0, 0.0])[-1]),
                loaded=_number((event.data.get("loads") or [0, 0, 0])[1]),
                threads=int(_number(event.data.get("threads"))) or 1,
            )


def _number(value: object) -> float:
    return float(value) if isinstance(value, NUMBERS) else 0.0


def _spent(
    engines: int,
    begin: float,
    end: float,
    attempts: Sequence[Attempt],
    submitted: Sequence[float],
    replied: Sequence[float],
) -> Spent:
    waiting = _Waiting(begin, end, attempts, submitted, replied)
    sums = dict.fromkeys((field.name for field in fields(Spent)), 0.0)
    of_engine: dict[int, list[Attempt]] = {}
    for attempt in sorted(attempts, key=lambda one: one.received):
        of_engine.setdefault(attempt.engine, []).append(attempt)
    idle = [(begin, end)] * max(0, engines - len(of_engine))
    for own in of_engine.values():
        free = begin
        for attempt in own:
            start = min(max(free, attempt.submitted), max(free, attempt.received))
            idle.append((free, start))
            sums["sending"] += max(0.0, attempt.received - start)
            busy = max(0.0, min(end, attempt.end) - max(free, attempt.received))
            outside = min(busy, attempt.unpack + attempt.pack)
            sums["unpacking"] += outside
            sums["running"] += busy - outside
            free = max(free, attempt.end)
        idle.append((free, end))
    for first, last in idle:
        for kind, length in waiting.between(first, last).items():
            sums[kind] += length
    return Spent(**sums)


class _Waiting:
    """What an engine that has no task on its way to it waits for, at any time of a run."""

    def __init__(
        self,
        begin: float,
        end: float,
        attempts: Sequence[Attempt],
        submitted: Sequence[float],
        replied: Sequence[float],
    ) -> None:
        self._submitted, self._replied = submitted, replied
        self._received = sorted(attempt.received for attempt in attempts)
        self._ended = sorted(attempt.end for attempt in attempts)
        times = {begin, end, *self._submitted, *self._replied, *self._received, *self._ended}
        self._times = sorted(time for time in times if begin <= time <= end)
        self._sums: dict[str, list[float]] = {}
        kinds = [self._at(first) for first, _ in pairwise(self._times)]
        for kind in set(kinds):
            steps = (
                last - first if one == kind else 0.0
                for one, (first, last) in zip(kinds, pairwise(self._times), strict=True)
            )
            self._sums[kind] = list(accumulate(steps, initial=0.0))

    def _at(self, time: float) -> str:
        """The kind of wait from one of the run's times to the next."""
        sent, answered = bisect_right(self._submitted, time), bisect_right(self._replied, time)
        if answered >= sent:
            return "client"
        if bisect_right(self._ended, time) >= bisect_right(self._received, time):
            return "sending"
        if sent == len(self._submitted):
            return "tail"
        next_answer = self._replied[answered] if answered < len(self._replied) else float("inf")
        return "turns" if next_answer <= self._submitted[sent] else "submitting"

    def between(self, first: float, last: float) -> dict[str, float]:
        """Seconds of each kind of wait."""
        if last <= first:
            return {}
        return {kind: self._until(last, sums) - self._until(first, sums) for kind, sums in self._sums.items()}

    def _until(self, time: float, sums: list[float]) -> float:
        at = bisect_right(self._times, time) - 1
        if at < 0:
            return 0.0
        if at >= len(self._times) - 1:
            return sums[-1]
        step = self._times[at + 1] - self._times[at]
        return sums[at] + (sums[at + 1] - sums[at]) * (time - self._times[at]) / step
