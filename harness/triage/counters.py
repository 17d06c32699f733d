"""What a run costs, counted while its events pass by."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import linear_regression

from harness.store import Event
from harness.store.schema import NUMBERS

LEAST_CPU = 0.001
"""Seconds of CPU time that a task's own code must have taken at the least for its growth to be told from noise."""
LEAST_BYTES = 4000
"""Bytes that a task must have received at the least for the same: 1,300 or so come with any call, whatever its input,
and would make the work of small tasks seem to grow faster than it does."""
LEAST_RATIO = 4.0
"""How many times as many bytes as the smallest the largest task must have received, for growth to be told."""
_LARGEST = 1e15


@dataclass
class Work:
    """What tasks cost on one engine: sums over them, but `threads` is the most of any; `cpu` is of their own code."""

    tasks: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    bytes_in: int = 0
    bytes_back: int = 0
    imports: int = 0
    loads: int = 0
    loads_repeated: int = 0
    threads: int = 1


@dataclass
class Tally:
    """Counts up a run of so many engines: give it each event, by time, then ask. It keeps no event."""

    engines: int
    cores: int = 0
    work: dict[int, Work] = field(default_factory=lambda: defaultdict(Work))
    _tasks: set[int | None] = field(default_factory=set)
    _received: dict[tuple[int | None, int | None], int] = field(default_factory=dict)
    _running: dict[int, str] = field(default_factory=dict)
    _used: set[int] = field(default_factory=set)
    _present: set[int] = field(default_factory=set)
    _first: float = math.inf
    _last: float = -math.inf
    _changed: float = 0.0
    _together: float = 0.0
    _alone: float = 0.0
    _alone_since: float = 0.0
    _ended: int = 0
    _longest: float = 0.0
    _measured: bool = False
    _met: bool | None = None
    _repeated: int | None = None
    _sizes: dict[str, dict[int, tuple[float, int]]] = field(default_factory=lambda: defaultdict(dict))
    _cpu_of: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def take(self, event: Event) -> None:
        """Count one event."""
        if event.engine is not None:
            self._present.add(event.engine)
        if event.kind == "submitted":
            self._tasks.add(event.task)
        elif event.kind == "sent":
            self._repeated = int(_number(event.data.get("repeated")))
        elif event.kind == "death":
            self._stops(event.data.get("engine"), event.time)
        elif event.engine is None:
            return
        elif event.kind == "engine-ready":
            self.cores = max(self.cores, int(_number(event.data.get("cores"))))
        elif event.kind == "received":
            size = int(_number(event.data["bytes"]))
            self._received[event.engine, event.task] = size
            self.work[event.engine].bytes_in += size
        elif event.kind == "begin":
            self._begins(event, event.engine)
        elif event.kind == "end":
            self._ends(event, event.engine)

    def _passes(self, now: float) -> None:
        if self._running:
            length = max(0.0, now - self._changed)
            if len(self._running) > 1:
                self._together += length
            else:
                self._alone_since += length
        self._changed = now

    def _begins(self, event: Event, engine: int) -> None:
        self._passes(event.time)
        self._alone += self._alone_since
        self._alone_since = 0.0
        self._running[engine] = str(event.data.get("function", ""))
        self._used.add(engine)
        self._first = min(self._first, event.time)
        if (met := event.data.get("met")) is not None:
            self._met = bool(met or self._met)

    def _stops(self, engine: object, now: float) -> str | None:
        self._passes(now)
        return self._running.pop(engine, None) if isinstance(engine, int) else None

    def _ends(self, event: Event, engine: int) -> None:
        running = self._stops(engine, event.time)
        self._last = max(self._last, event.time)
        data, work = event.data, self.work[engine]
        cpu = _number(data.get("work", data.get("cpu")))
        self._ended += 1
        self._longest = max(self._longest, cpu)
        work.tasks += 1
        work.cpu += cpu
        work.seconds += _number(data["seconds"].get("run"))
        work.bytes_back += int(_number(data["bytes"]))
        self._measured |= "switches" in data
        if "imports" in data:
            work.imports += int(_numbers(data["imports"], 2)[0])
        if "loads" in data:
            loads, _, repeated = _numbers(data["loads"], 3)
            work.loads += int(loads)
            work.loads_repeated += int(repeated)
        if "threads" in data:
            work.threads = max(work.threads, int(_number(data["threads"])))
        size = self._received.pop((engine, event.task), 0)
        if running is not None and size >= LEAST_BYTES and cpu >= LEAST_CPU and data.get("status") == "ok":
            self._cpu_of[running] += cpu
            sizes = self._sizes[running]
            step = int(math.log2(size) * 2)
            # the least of tasks of about one size: what disturbs a task only ever adds to it
            sizes[step] = min(sizes.get(step, (cpu, size)), (cpu, size))

    def counters(self) -> dict[str, float]:
        """Name → value, of those that this run can have.

        They are `harness.store.COUNTERS`, and engines_used, seconds_in_tasks, met (whether tasks that waited for each
        other met).
        """
        each = list(self.work.values())
        inside = sum(work.seconds for work in each)
        found: dict[str, float | None] = {
            "tasks": len(self._tasks),
            "engines_used": len(self._used),
            "bytes_out": sum(work.bytes_in for work in each),
            "bytes_back": sum(work.bytes_back for work in each),
            "seconds_in_tasks": round(inside, 6),
            **self._shares(inside),
            "met": None if self._met is None else float(self._met),
            "bytes_repeated": self._repeated,
            "imports": sum(work.imports for work in each),
            "overlap": self.overlap,
            "growth": self.growth,
        }
        if self._measured:
            threads = sum(work.threads for work in each)
            found |= {
                "loads": sum(work.loads for work in each),
                "loads_repeated": sum(work.loads_repeated for work in each),
                "threads": max(work.threads for work in each),
                "threads_per_core": threads / max(self.cores, len(each)) if self.cores else None,
            }
        return {name: round(value, 6) for name, value in found.items() if value is not None and math.isfinite(value)}

    def _shares(self, inside: float) -> dict[str, float | None]:
        cpus = [work.cpu for work in self.work.values() if work.tasks]
        cpu = sum(cpus)
        span = (self._last - self._first) * max(1, len(self._present))
        return {
            "busy_share": min(1.0, inside / span) if span > 0 else None,
            "cpu_share": cpu / span if span > 0 else None,
            "longest_share": min(1.0, self._longest / cpu) if self._ended > 1 and cpu > 0 else None,
            "imbalance": max(cpus) * self.engines / cpu if self.engines > 1 and cpu > 0 else None,
        }

    @property
    def overlap(self) -> float | None:
        """Of the time in which tasks ran, but for the stretch after the last begin: the share with two or more."""
        spent = self._together + self._alone
        return self._together / spent if self.engines > 1 and spent > 0 else None

    @property
    def growth(self) -> float | None:
        """Slope of log CPU time over log bytes received, by least squares, of the function that took most CPU time."""
        for function in sorted(self._sizes, key=lambda name: -self._cpu_of[name]):
            sizes = [math.log(size) for _, size in self._sizes[function].values()]
            if max(sizes) - min(sizes) >= math.log(LEAST_RATIO):
                return linear_regression(sizes, [math.log(cpu) for cpu, _ in self._sizes[function].values()]).slope
        return None


def _numbers(value: object, count: int) -> list[float]:
    """So many numbers; zeros where the event has none, or what can't be meant: a task may write events too."""
    if not isinstance(value, list) or len(value) != count:
        return [0.0] * count
    return [_number(one) for one in value]


def _number(value: object) -> float:
    return value if isinstance(value, NUMBERS) and 0 <= value < _LARGEST else 0.0
