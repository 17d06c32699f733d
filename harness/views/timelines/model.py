"""A run as a timeline: which task was where from when to when, in which phase, what waited, died, and what was used."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite

from harness.store import Event, Run
from harness.store.samples import LATEST, Sample, Usage, samples
from harness.views.text import LINE, short

OK, FAILED, DIED, OPEN = "ok", "failed", "died", "open"
"""How an attempt at a task ended; open: its end is not in the record."""
PHASES = {
    "unpack": "deserialise",
    "wait": "wait to meet",
    "import": "import",
    "load": "load",
    "run": "compute",
    "pack": "serialise",
}
"""Phases of a task as engines write them, in their order, and what they are called. Unknown ones keep their name."""
MARKS = {
    "death": "engine died",
    "engine-replaced": "engine replaced",
    "interrupted": "task interrupted",
    "not-stopped": "task not stopped",
    "deadline": "deadline",
    "endless": "proven to wait for ever",
}
ENDS = ("death", "deadline", "endless")
"""Marks that a timeline reaches to; others may come after it, while engines are mended."""
OTHERS = "other tasks"
MOST_GROUPS = 8
MOST_WAITS = 6
_NAME = 24
_LARGEST = 2**31


@dataclass(slots=True)
class Span:
    """An attempt at a task on an engine. Times in seconds since the epoch, `waited` in seconds until it was there.

    group: what it is coloured by, such as its company. phases: name to seconds, in their order, which fill the span.
    """

    engine: int
    task: int
    start: float
    end: float
    status: str = OPEN
    group: str = ""
    function: str = ""
    waited: float | None = None
    failure: str = ""
    phases: dict[str, float] = field(default_factory=dict)

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class Mark:
    """Something at one moment, of one engine or (None) of the run; `kind` as in MARKS."""

    time: float
    kind: str
    engine: int | None = None
    more: str = ""

    @property
    def text(self) -> str:
        return f"{MARKS[self.kind]}{f' ({self.more})' if self.more else ''}"


@dataclass(frozen=True)
class Use:
    """What was used between two samples: cores on average, bytes of memory and threads at the end of it.

    cores and memory: by engine, the client under None. machine: cores of all that runs on the machine.
    """

    start: float
    end: float
    cores: dict[int | None, float]
    memory: dict[int | None, int]
    threads: dict[int | None, int]
    machine: float

    @property
    def all_cores(self) -> float:
        return sum(self.cores.values())

    @property
    def all_memory(self) -> int:
        return sum(self.memory.values())


@dataclass(frozen=True)
class Timeline:
    """All of it; `start` and `end` in seconds since the epoch, `origin` is when the run began.

    groups: the spans' groups, those that took most time first. waiting: (time, number of tasks sent that no engine
    has received yet) wherever that changes. cores: of the machine, 0 where nothing was sampled.
    """

    origin: float
    start: float
    end: float
    engines: list[int]
    spans: list[Span]
    marks: list[Mark]
    groups: list[str]
    uses: list[Use]
    waiting: list[tuple[float, int]]
    cores: int = 0
    waits: list[str] = field(default_factory=list)
    """Who was waiting for whom at the end, as far as it was found out."""

    @property
    def length(self) -> float:
        """Seconds from start to end, more than 0."""
        return max(self.end - self.start, 1e-6)

    @property
    def busy(self) -> dict[int, float]:
        """Each engine's share of the timeline that it had a task."""
        taken: dict[int, float] = defaultdict(float)
        for span in self.spans:
            taken[span.engine] += span.length
        return {engine: min(1.0, taken[engine] / self.length) for engine in self.engines}


def read(run: Run) -> Timeline:
    """The timeline of a run directory, whoever wrote it: what makes no sense is left out."""
    sent: dict[int, float] = {}
    client: list[Event] = []
    engines: dict[int, _Engine] = {}
    latest = 0.0
    for event in run.stream("submitted", "engine-ready", "received", "begin", "raised", "end", "engine-closed", *MARKS):
        if not _is_sane(event):
            continue
        latest = max(latest, event.time)
        if event.engine is not None:
            engines.setdefault(event.engine, _Engine(event.engine)).take(event)
        elif event.kind == "submitted" and event.task is not None:
            sent.setdefault(event.task, event.time)
        elif event.kind in MARKS:
            client.append(event)
    marks = [_mark(event) for event in client]
    spans: list[Span] = []
    for engine in engines.values():
        _close(engine.spans, marks, latest)
        spans += engine.spans
    _say_who_waited(spans, sent)
    groups = _grouped(spans)
    times = [span.start for span in spans] + list(sent.values())
    start = min(times, default=run.manifest.started)
    ends = [mark.time for mark in marks if mark.kind in ENDS]
    end = max([start, *(span.end for span in spans), *ends])
    uses, cores = _uses(samples(run.folder), start, end)
    spans.sort(key=lambda span: (span.start, span.engine))
    return Timeline(
        origin=run.manifest.started,
        start=start,
        end=end,
        engines=sorted(engines),
        spans=spans,
        marks=sorted(marks, key=lambda mark: mark.time),
        groups=groups,
        uses=uses,
        waiting=_waiting(sent, spans),
        cores=cores,
        waits=_waits(run),
    )


def _waits(run: Run) -> list[str]:
    hangs = run.outcome.hangs if run.outcome else []
    return list(dict.fromkeys(short(line, LINE) for hang in hangs[:MOST_WAITS] for line in hang.waits))[:MOST_WAITS]


def _is_sane(event: Event) -> bool:
    of = event.task
    return 0 <= event.time < LATEST and (of is None or 0 <= of < _LARGEST)


class _Engine:
    """One engine's events made into spans; one without an end has the end -1."""

    def __init__(self, engine: int) -> None:
        self.spans: list[Span] = []
        self._engine = engine
        self._now: Span | None = None

    def take(self, event: Event) -> None:
        data, now = event.data, self._now
        if event.kind == "received" and event.task is not None:
            self._now = Span(self._engine, event.task, event.time, -1.0)
            self.spans.append(self._now)
        elif now is None or event.task != now.task:
            return
        elif event.kind == "begin":
            now.function = short(str(data.get("function") or ""), _NAME)
            now.group = short(str(data.get("label") or ""), _NAME) or now.function
        elif event.kind == "raised":
            line = f" in {data.get('function')} line {data.get('line')}" if data.get("function") else ""
            now.failure = short(f"{data['type']}{line}", 80)
        elif event.kind == "end":
            now.end = max(now.start, event.time)
            now.status = OK if data["status"] == "ok" else FAILED
            now.phases = laid_out(data["seconds"], now.length)
            self._now = None


def laid_out(seconds: dict[str, float], length: float) -> dict[str, float]:
    """The phases of a task in their order, made to fill `length` seconds.

    Phases beyond the four that engines measure one after the other are a part of `run`, if that makes their sum fit
    better; when they were during it is not recorded, and they are put before what is left of it.
    """
    order = [*(name for name in PHASES if name in seconds), *(name for name in seconds if name not in PHASES)]
    found = {short(name, _NAME): _bounded(seconds[name]) for name in order[:12]}
    one_by_one = sum(found.get(name, 0.0) for name in ("unpack", "wait", "run", "pack"))
    more = sum(found.values()) - one_by_one
    if "run" in found and abs(one_by_one - length) < abs(one_by_one + more - length):
        found["run"] = max(0.0, found["run"] - more)
    total = sum(found.values())
    return {name: value / total * length for name, value in found.items() if value > 0} if total > 0 else {}


def _bounded(seconds: float) -> float:
    return float(min(max(0, seconds), LATEST))


def _mark(event: Event) -> Mark:
    data = event.data
    engine = data.get("engine") if isinstance(data.get("engine"), int) else None
    more = ""
    if event.kind == "death":
        signal, code = data.get("signal_name"), data.get("exit_code")
        more = short(str(signal), _NAME) if signal else f"exit code {code}" if isinstance(code, int) else ""
    elif event.task is not None:
        more = f"task {event.task}"
    return Mark(event.time, event.kind, engine, more)


def _close(spans: list[Span], marks: list[Mark], latest: float) -> None:
    """Let what has no end last until its engine died, was replaced, or began the next; else until the last event."""
    ends = [mark for mark in marks if mark.kind in ("death", "engine-replaced")]
    for span, following in pairwise([*spans, None]):
        assert span is not None
        if span.end >= 0:
            continue
        limit = max(span.start, following.start if following else latest)
        after = [mark for mark in ends if mark.engine == span.engine and span.start <= mark.time <= limit]
        first = min(after, key=lambda mark: mark.time, default=None)
        span.end = first.time if first else limit
        span.status = DIED if first and first.kind == "death" else OPEN


def _say_who_waited(spans: list[Span], sent: dict[int, float]) -> None:
    for span in spans:
        if span.task in sent:
            span.waited = max(0.0, span.start - sent[span.task])


def _grouped(spans: list[Span]) -> list[str]:
    """Names of groups, those that took most time first; what is beyond eight is put together as one."""
    taken: dict[str, float] = defaultdict(float)
    for span in spans:
        taken[span.group] += span.length
    names = sorted(taken, key=lambda name: (-taken[name], name))
    if len(names) <= MOST_GROUPS:
        return names
    kept = set(names[: MOST_GROUPS - 1])
    for span in spans:
        if span.group not in kept:
            span.group = OTHERS
    return [*names[: MOST_GROUPS - 1], OTHERS]


def _waiting(sent: dict[int, float], spans: Iterable[Span]) -> list[tuple[float, int]]:
    received: dict[int, float] = {}
    for span in spans:  # by their start: the first attempt counts
        received.setdefault(span.task, span.start)
    changes: Counter[float] = Counter()
    for task, time in sent.items():
        changes[time] += 1
        if task in received:
            changes[max(time, received[task])] -= 1
    found, now = [], 0
    for time in sorted(changes):
        now += changes[time]
        found.append((time, now))
    return found


def _uses(found: Iterable[Sample], start: float, end: float) -> tuple[list[Use], int]:
    """What was used between each two samples within these times, and how many cores there are."""
    uses, cores = [], 0
    for before, after in pairwise(found):
        if after.time < start or before.time > end:
            continue
        cores = after.cores
        seconds = after.time - before.time
        then, now = _of(before), _of(after)
        used = {
            who: max(0.0, usage.cpu - then[who].cpu) / seconds
            for who, usage in now.items()
            if who in then and then[who].pid == usage.pid
        }
        memory = {who: max(0, usage.rss) for who, usage in now.items()}
        threads = {who: usage.threads for who, usage in now.items()}
        machine = max(0.0, after.busy - before.busy) / seconds
        if isfinite(machine) and all(map(isfinite, used.values())):
            uses.append(Use(before.time, after.time, used, memory, threads, min(machine, float(cores))))
    return uses, cores


def _of(sample: Sample) -> dict[int | None, Usage]:
    found: dict[int | None, Usage] = dict(sample.engines.items())
    return {**found, None: sample.client} if sample.client else found
