"""The tour's figures: wall times and what follows from them, and where each engine's time went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.apps.tour.steps import Span
from harness.triage.scaling import efficiency, karp_flatt


@dataclass(frozen=True)
class EngineTime:
    """Where one engine's time went, seconds; all but `start_up` within the parallel analysis."""

    engine: int
    parts: int
    start_up: float
    transfer: float
    compute: float
    idle: float


@dataclass(frozen=True)
class Measured:
    """What the tour measured, seconds unless said otherwise.

    `alone` is the sequential analysis in one process that has started up; `at_once` the same in every engine at the
    same time, on average; `parallel` the analysis shared among the engines, when they have started up. `sentiment` is
    the part of `alone` that TensorFlow takes, on one thread. `others` is how many cores other programs kept busy.
    """

    cores: int
    engines: int
    tweets: int
    alone_start_up: float
    alone: float
    cluster_start: float
    engines_start_up: float
    parallel: float
    at_once: float
    sentiment: float
    sentiment_on_all_threads: float
    others: float
    engine_times: tuple[EngineTime, ...]

    @property
    def speed_up(self) -> float:
        """How many times as fast the engines are, once all have started up."""
        return self.alone / self.parallel

    @property
    def alone_cold(self) -> float:
        """The sequential analysis with the imports and the model's load before it."""
        return self.alone_start_up + self.alone

    @property
    def parallel_cold(self) -> float:
        """The parallel analysis with the cluster's start, the imports and the model's load before it."""
        return self.cluster_start + self.engines_start_up + self.parallel

    @property
    def cold_speed_up(self) -> float:
        """How many times as fast the engines are when nothing has started up yet."""
        return self.alone_cold / self.parallel_cold

    @property
    def efficiency(self) -> float:
        """Speed-up an engine, 1 at best."""
        return efficiency(self.speed_up, self.engines)

    @property
    def serial_fraction(self) -> float:
        """The share of the work that behaves as if it could not be shared; see `karp_flatt`."""
        return karp_flatt(self.speed_up, self.engines)

    @property
    def ceiling(self) -> float:
        """The speed-up of as many processes that have nothing to do with each other, on this machine, now.

        They share what engines share as well: cores, caches, memory, and whatever else runs here.
        """
        return self.engines * self.alone / self.at_once

    @property
    def of_ceiling(self) -> float:
        """How much of the ceiling the speed-up reaches, 1 at best."""
        return self.speed_up / self.ceiling

    @property
    def compute(self) -> float:
        """All engines' compute together."""
        return sum(each.compute for each in self.engine_times)

    @property
    def idle(self) -> float:
        """All engines' idle time together."""
        return sum(each.idle for each in self.engine_times)

    @property
    def transfer(self) -> float:
        """All engines' transfer together."""
        return sum(each.transfer for each in self.engine_times)

    @property
    def alone_on_all_threads(self) -> float:
        """What the sequential analysis takes if TensorFlow uses all threads; nothing else in it uses more than one."""
        return self.alone - self.sentiment + self.sentiment_on_all_threads


def engine_time(
    engine: int, start_up: Span, tasks: Sequence[Mapping[str, datetime]], spans: Sequence[Span], run: Span
) -> EngineTime:
    """Where the time of one engine went in `run`.

    `tasks` are the metadata that ipyparallel keeps of this engine's tasks (`submitted`, `started`, `completed`),
    `spans` the steps that ran in it. Compute is the steps; idle is the time without any task to do; transfer is what
    remains: parts and results on their way, packed and unpacked.
    """
    free, idle = run.begin, 0.0
    for task in sorted(tasks, key=lambda task: task["started"]):
        idle += max(0.0, task["submitted"].timestamp() - free)
        free = task["completed"].timestamp()
    idle += max(0.0, run.end - free)
    compute = sum(span.seconds for span in spans)
    return EngineTime(engine, len(tasks), start_up.seconds, max(0.0, run.seconds - compute - idle), compute, idle)
