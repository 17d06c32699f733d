"""Runs the analysis sequentially and on engines, and measures both."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ipyparallel
from rich.console import Console

from harness import cluster
from harness.analysis import parallel
from harness.analysis.sequential import Analysis
from harness.apps.tour import steps
from harness.apps.tour.alone import Alone
from harness.apps.tour.cores import Sample, Sampler, usable
from harness.apps.tour.progress import shown
from harness.apps.tour.speedup import EngineTime, Measured, engine_time
from harness.apps.tour.steps import STEPS, Span
from harness.errors import CannotWork

DEADLINE = 900.0  # seconds for each call of the journey
REHEARSAL = 1_100  # rows of each table, so that nothing that is measured happens for the first time
ROUNDS = 3


@dataclass(frozen=True)
class Input:
    """What is analysed: whose tweets, from which folder, and how many rows of each table (None: all)."""

    companies: tuple[str, ...]
    folder: Path
    rows: int | None


@dataclass(frozen=True)
class OneProcess:
    """The sequential analysis: what it found, its start-up, its run, and the steps in it."""

    found: dict[str, Analysis]
    start_up: Span
    run: Span
    spans: list[Span]


@dataclass(frozen=True)
class Engines:
    """The parallel analysis: what it found, when the cluster and its engines started up, and the middle round."""

    found: dict[str, Analysis]
    cluster_start: Span
    start_ups: list[Span]
    middle: "Round"


@dataclass(frozen=True)
class Round:
    """The parallel analysis once, and at once after it each engine doing the whole sequential one, at the same time.

    `spans` are the steps in each engine's run, `times` sums them up, `at_once` says when each engine did all of it.
    """

    found: dict[str, Analysis]
    run: Span
    spans: list[list[Span]]
    times: list[EngineTime]
    at_once: list[Span]

    @property
    def of_ceiling(self) -> float:
        """Seconds that an engine takes for all, over those that all take together for as many times all."""
        return sum(span.seconds for span in self.at_once) / len(self.at_once) ** 2 / self.run.seconds


@dataclass(frozen=True)
class Journey:
    """All of it, with the cores kept busy meanwhile."""

    one_process: OneProcess
    engines: Engines
    measured: Measured
    samples: list[Sample]

    @property
    def agree(self) -> bool:
        """Whether the parallel analysis found exactly what the sequential one did."""
        return self.one_process.found == self.engines.found


class Remembering:
    """A view for `map_async` that remembers what it submitted, as ipyparallel forgets a task whose result was taken."""

    def __init__(self, view) -> None:
        self._view = view
        self.client = view.client
        self._results: list[Any] = []

    def map_async(self, function: Callable, *sequences):
        """As the view's own."""
        self._results.append(self._view.map_async(function, *sequences))
        return self._results[-1]

    def progress(self) -> tuple[int, int]:
        """How many tasks are done, of how many submitted."""
        return sum(result.progress for result in self._results), sum(map(len, self._results))

    def tasks(self, engine: int) -> list[Any]:
        """ipyparallel's metadata of the tasks that `engine` did."""
        return [task for result in self._results for task in result.metadata if task["engine_id"] == engine]


def travel(data: Input, engines: int, console: Console) -> Journey:
    """The journey, with progress on `console`.

    Raises BadInput if tweets or network are missing, CannotWork if a process died or took too long.
    """
    with Sampler() as sampler:
        one = one_process(data, sampler, console)
        several = on_engines(data, engines, sampler, console)
        on_all_threads = sentiment_on_all_threads(data, sampler, console)
    measured = Measured(
        cores=usable(),
        engines=engines,
        tweets=sum(analysis.statistics.tweets for analysis in one.found.values()),
        alone_start_up=one.start_up.seconds,
        alone=one.run.seconds,
        cluster_start=several.cluster_start.seconds,
        engines_start_up=_all(several.start_ups).seconds,
        parallel=several.middle.run.seconds,
        at_once=sum(span.seconds for span in several.middle.at_once) / engines,
        sentiment=sum(span.seconds for span in one.spans if span.step == "sentiment"),
        sentiment_on_all_threads=on_all_threads,
        others=_others(sampler.samples, (one.run, several.middle.run, _all(several.middle.at_once))),
        engine_times=tuple(several.middle.times),
    )
    return Journey(one, several, measured, sampler.samples)


def phases(journey: Journey) -> list[Span]:
    """The parts of the journey in order of time, with the names that the charts show."""
    one, engines = journey.one_process, journey.engines
    return [
        Span("one process:\nimports", one.start_up.begin, one.start_up.end),
        Span("one process:\nthree tasks", one.run.begin, one.run.end),
        Span("engines:\nimports", engines.cluster_start.begin, max(span.end for span in engines.start_ups)),
        Span("engines:\nthree tasks", engines.middle.run.begin, engines.middle.run.end),
        Span(
            "engines:\neach all of it",
            min(span.begin for span in engines.middle.at_once),
            max(span.end for span in engines.middle.at_once),
        ),
    ]


def one_process(data: Input, sampler: Sampler, console: Console) -> OneProcess:
    """Start one process up and run the sequential analysis in it."""
    spans: list[Span] = []
    with Alone() as alone:
        sampler.follow()
        with shown(console, "one process: imports and model"):
            ready = alone.call(steps.start_up_on_one_thread, timeout=DEADLINE)
            alone.call(steps.time_alone, data.companies, data.folder, REHEARSAL, timeout=DEADLINE)
        total = len(data.companies) * len(STEPS)
        with shown(console, "one process: the three tasks", lambda: (len(spans), total)):
            alone.begin(steps.analyse_alone, data.companies, data.folder, data.rows)
            run, found = alone.result(DEADLINE, told=spans.append)
    return OneProcess(found, ready.start_up, run, spans)


def on_engines(data: Input, engines: int, sampler: Sampler, console: Console) -> Engines:
    """Start engines up, run the parallel analysis on them, then the sequential one in each of them at once."""
    begin = time.time()
    with (
        _one_line_for_failures(),
        cluster.start(engines) as running,
        running.client() as client,
    ):
        cluster_start = Span("cluster", begin, time.time())
        sampler.follow(running.alive_pids())
        with shown(console, f"{engines} engines: imports and model"):
            ready = client[:].apply_async(steps.start_up_on_one_thread).get(DEADLINE)
            parallel.run(client.load_balanced_view(), data.companies, data.folder, REHEARSAL, timeout=DEADLINE)
        start_ups = [each.start_up for each in ready]
        rounds = [_round(data, client, start_ups, f"round {i + 1} of {ROUNDS}", console) for i in range(ROUNDS)]
    middle = sorted(rounds, key=lambda each: each.of_ceiling)[ROUNDS // 2]
    return Engines(middle.found, cluster_start, start_ups, middle)


def _round(data: Input, client, start_ups: list[Span], which: str, console: Console) -> Round:
    everywhere, view = client[:], Remembering(client.load_balanced_view())
    everywhere.apply_async(steps.forget).get(DEADLINE)
    everywhere.apply_async(steps.taken).get(DEADLINE)
    with shown(console, f"{len(client)} engines: the three tasks, {which}", view.progress):
        begin = time.time()
        found = parallel.run(view, data.companies, data.folder, data.rows, timeout=DEADLINE)
        run = Span("parallel", begin, time.time())
    spans = everywhere.apply_async(steps.taken).get(DEADLINE)
    times = [
        engine_time(engine, start_ups[i], view.tasks(engine), spans[i], run) for i, engine in enumerate(client.ids)
    ]
    with shown(console, f"{len(client)} engines: each all of it, at once, for comparison, {which}"):
        at_once = everywhere.apply_async(steps.time_alone, data.companies, data.folder, data.rows).get(DEADLINE)
    return Round(found, run, spans, times, at_once)


def sentiment_on_all_threads(data: Input, sampler: Sampler, console: Console) -> float:
    """How long one process takes to classify all tweets when TensorFlow may use all threads, seconds."""
    with Alone() as alone, shown(console, "one process: sentiment again, TensorFlow on all threads"):
        sampler.follow()
        alone.call(steps.start_up_on_all_threads, timeout=DEADLINE)
        return alone.call(steps.time_sentiment, data.companies, data.folder, data.rows, timeout=DEADLINE)


def _others(samples: Sequence[Sample], runs: Sequence[Span]) -> float:
    """Cores that other programs kept busy on average during `runs`."""
    others = [
        max(0.0, sample.machine - sample.ours)
        for sample in samples
        if any(run.begin <= sample.time <= run.end for run in runs)
    ]
    return sum(others) / len(others) if others else 0.0


def _all(spans: Sequence[Span]) -> Span:
    return Span("all", min(span.begin for span in spans), max(span.end for span in spans))


@contextmanager
def _one_line_for_failures() -> Iterator[None]:
    try:
        yield
    except (ipyparallel.error.IPythonError, TimeoutError) as problem:
        reason = (str(problem).splitlines() or [type(problem).__name__])[0]
        raise CannotWork(f"the engines did not finish the analysis ({reason}): run `harness doctor`") from problem
