"""A run as a timeline: which task was where from when to when, in which phase, what waited, died, and what was used."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from math import isfinite

from harness.store import Run
from harness.store.samples import Sample, Usage, samples
from harness.store.spans import PHASES, Files, Mark, Span, followed
from harness.views.text import LINE, NAME, short

ENDS = ("death", "deadline", "endless")
"""Marks that a timeline reaches to; others may come after it, while engines are mended."""
OTHERS = "other tasks"
MOST_GROUPS = 8
MOST_WAITS = 6
_NAME = 24


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
    def files(self) -> Files | None:
        """What all tasks together opened for reading; None if nothing, or if that was not measured."""
        found = [span.files for span in self.spans if span.files]
        return reduce(Files.and_more, found) if found else None

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
    marks: list[Mark] = []
    spans: list[Span] = []
    for found in followed(run):
        if isinstance(found, Span):
            spans.append(_shown(found))
        elif isinstance(found, Mark):
            marks.append(found._replace(more=short(found.more, _NAME)))
        else:
            sent.setdefault(found.task, found.time)
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
        engines=run.engines,
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


def _shown(span: Span) -> Span:
    """The span with its names made harmless, and short."""
    span.function, span.group = short(span.function, _NAME), short(span.group, _NAME)
    span.failure = short(span.failure, NAME)
    if not span.phases.keys() <= PHASES.keys():
        phases: dict[str, float] = defaultdict(float)
        for name, seconds in span.phases.items():
            phases[short(name, _NAME)] += seconds
        span.phases = dict(phases)
    return span


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
