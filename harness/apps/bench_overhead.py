"""What recording costs: CPU of all processes a task, recorded against bare ipyparallel, in turn on one cluster."""

import contextlib
import gc
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import mean, median
from typing import Any

import ipyparallel as ipp
import pandas as pd
import psutil

from harness import cluster
from harness.analysis import parallel, tweets
from harness.analysis.sequential import Analysis, analyse
from harness.apps.measured import cpu_seconds, interval_of_mean, interval_of_median, spread
from harness.apps.tour import steps
from harness.places import TWEETS
from harness.triage import record

ENGINES = 2
TASKS = 2_000
FAILING = 200
ROUNDS = 64
"""Both kinds of CPU vary from one round to the next, on a shared machine by more than what is looked for."""
FAILING_ROUNDS = 16
TOUR_ROUNDS = 10
PARTS = 5
"""Tasks one after another within a recording, as in a tour, where not each of them comes right after its opening."""
PART_ROUNDS = 100
GROWTH = (1_000, 10_000, 100_000)
WINDOW = 1_000
"""Tasks out at a time where many are sent, so that what is measured is the record and not the scheduler's queue."""
PATIENCE = 600.0  # seconds for one window, or for some parts of the tour
MOST_EXTRA = 0.5
"""Milliseconds of CPU that recording may add to a tiny task."""
MOST_OF_THE_TOUR = 0.01
"""The share that recording may add to the tour's CPU."""
MOST_GROWTH = 0.1
"""The share of a bare task's cost that recording a task may cost more when a hundred times the tasks are recorded."""
MOST_KEPT = 1.0
"""Kilobytes of the client's memory that a recorded task may take."""
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


def run(
    tasks: int = TASKS,
    failing: int = FAILING,
    rounds: int = ROUNDS,
    failing_rounds: int = FAILING_ROUNDS,
    growth: tuple[int, ...] = GROWTH,
    tour_rounds: int = TOUR_ROUNDS,
    part_rounds: int = PART_ROUNDS,
    rows: int | None = None,
) -> dict[str, Any]:
    """Send `tasks` tiny and `failing` failing tasks, bare and recorded in turn; then more and more; then the tour.

    CPU is that of the client, the controller and the engines together. Figures of rounds are medians, with the least
    and the most. A round has its own bare run beside the recorded one, so that what else the machine does meets both:
    differences are taken within rounds, see `_compared` and `_tour`, and what has to hold is held against their median.
    What recording no task at all costs (opening, closing, judging) is measured by itself and taken off, but for the
    tour, where it counts. growth: numbers of tasks. part_rounds: see `_parts`. rows: of each company's tweets (None:
    all).
    """
    with cluster.start(ENGINES) as running, running.client() as client, tempfile.TemporaryDirectory() as folder:
        bench = _Bench(running, client, Path(folder))
        bench.cpu(lambda: _send(client, _tiny, WINDOW))  # everything has been imported after this
        bench.recorded(lambda: _send(client, _failing, 10))
        figures = {
            "engines": ENGINES,
            f"CPU of {tasks} tiny tasks, {rounds} rounds": _tiny_tasks(bench, tasks, rounds),
            f"CPU of {failing} failing tasks, {failing_rounds} rounds": _failing_tasks(bench, failing, failing_rounds),
            "growth": _growth(bench, growth),
        }
        if tour_rounds:
            of_part = f"of its first part, {PARTS} times in {part_rounds} rounds"
            figures[f"CPU of the warm tour on engines, {tour_rounds} rounds, and {of_part}"] = _tour(
                bench, tour_rounds, part_rounds, rows
            )
    held = [value for part in figures.values() if isinstance(part, dict) for value in part.values()]
    return {**figures, "holds": all(value for value in held if isinstance(value, bool))}


class _Bench:
    """A cluster and its client, and what work through them costs."""

    def __init__(self, running: cluster.Cluster, client: ipp.Client, folder: Path) -> None:
        self.running = running
        self.client = client
        self.folder = folder

    def cpu(self, work: Callable[[], Any]) -> tuple[float, Any]:
        """Seconds of CPU that all processes spend while the work is done, and what it gives."""
        processes = [os.getpid(), *self.running.alive_pids()]
        before = sum(map(cpu_seconds, processes))
        given = work()
        return sum(map(cpu_seconds, processes)) - before, given

    def recorded(self, work: Callable[[], Any]) -> tuple[float, Any]:
        """The same, with the work recorded and judged."""
        with tempfile.TemporaryDirectory(dir=self.folder) as runs:

            def judged() -> Any:
                with self.recording(runs):
                    return work()

            return self.cpu(judged)

    def recording(self, runs: str) -> AbstractContextManager[object]:
        """What is sent through the client is recorded while this is open."""
        return record(self.client, runs=Path(runs), cluster=self.running)


def _tiny(number: int) -> int:
    return number


def _failing(number: int) -> int:
    raise ValueError(number)


def _send(client: ipp.Client, function: Callable[[int], int], count: int) -> None:
    """Send `count` tasks, one message each, a window at a time, and fetch every answer."""
    view = client.load_balanced_view()
    for start in range(0, count, WINDOW):
        sent = [view.apply_async(function, number) for number in range(start, min(count, start + WINDOW))]
        for answer in sent:
            answer.exception(timeout=PATIENCE)
        client.purge_local_results("all")  # ipyparallel keeps the metadata of each task, bare or recorded


def _tiny_tasks(bench: _Bench, count: int, rounds: int) -> dict[str, Any]:
    figures, more = _compared(bench, _tiny, count, rounds)
    return {**figures, f"at most {MOST_EXTRA} ms more": more <= MOST_EXTRA}


def _failing_tasks(bench: _Bench, count: int, rounds: int) -> dict[str, Any]:
    figures, more = _compared(bench, _failing, count, rounds)
    return {**figures, "cheaper than bare": more < 0}


def _compared(bench: _Bench, function: Callable[[int], int], count: int, rounds: int) -> tuple[dict[str, Any], float]:
    """What so many tasks cost in each round, and how many milliseconds more a recorded one takes.

    Half of the tasks are sent, and then the other half with all in the other order: bare, recorded, recorded, bare. A
    machine that gets slower or faster meanwhile meets both alike.
    """
    half = count // 2

    def work() -> None:
        _send(bench.client, function, half)

    ways = (lambda: bench.cpu(work)[0], lambda: bench.recorded(work)[0], lambda: bench.recorded(lambda: None)[0])
    bare, recorded, fixed = _in_turn(ways, [0, 1, 2, 2, 1, 0] * rounds)
    more = [one - other - empty for one, other, empty in zip(recorded, bare, fixed, strict=True)]
    a_task = [seconds / half * 1e3 for seconds in _by_round(more)]
    low, high = interval_of_mean(a_task)
    figures = {
        "ms a task, bare": spread([seconds / half * 1e3 for seconds in bare]),
        "ms a task more, recorded": spread(a_task),
        "ms a task more, recorded, mean": {"95 % from": low, "to": high},
        "seconds for opening, closing and judging": spread(fixed),
    }
    return figures, median(a_task)


def _in_turn(ways: Sequence[Callable[[], Any]], order: Sequence[int]) -> list[list[Any]]:
    """What each way gave, each time that it stands in the order."""
    given: list[list[Any]] = [[] for _ in ways]
    for number in order:
        gc.collect()
        given[number].append(ways[number]())
    return given


def _by_round(values: Sequence[float]) -> list[float]:
    """The means of each two that follow each other: both of one round."""
    return [(one + two) / 2 for one, two in zip(values[::2], values[1::2], strict=True)]


def _growth(bench: _Bench, counts: Sequence[int]) -> dict[str, Any]:
    """While more and more tasks are recorded in one run: CPU a task, and what the client's memory grew by at most.

    Between two windows of them another client sends one that is not recorded, so that what else the machine does meets
    both; a third of all windows is compared with another. The other client has had all the memory it takes before:
    ipyparallel's own keeps no more with more tasks.
    """
    window = min(WINDOW, counts[0])
    seconds: dict[str, list[float]] = {"bare": [], "recorded": []}
    figures: dict[str, Any] = {}
    with bench.running.client() as other, tempfile.TemporaryDirectory(dir=bench.folder) as runs:
        _send(other, _tiny, 10 * window)
        gc.collect()
        before, begun = _forget_peak(), 0
        with bench.recording(runs):
            for count in counts:
                for number in range(begun // window, count // window):
                    for client, name in ((other, "bare"), (bench.client, "recorded"))[:: -1 if number % 2 else 1]:
                        seconds[name].append(bench.cpu(lambda client=client: _send(client, _tiny, window))[0])  # type: ignore[misc]
                grown = max(0.0, (_peak() - before) / 1e6)
                figures[f"up to {count} tasks"] = {
                    **{f"ms a task, {name}": _ms(taken[begun // window :], window) for name, taken in seconds.items()},
                    "MB of the client, at most": grown,
                }
                begun = count
    more = [one - bare for one, bare in zip(seconds["recorded"], seconds["bare"], strict=True)]
    third = max(1, len(more) // 3)
    first, last, usual = _ms(more[:third], window), _ms(more[-third:], window), _ms(seconds["bare"], window)
    return {
        **figures,
        "ms a task, bare": usual,
        "ms a task more, recorded, in the first third": first,
        "ms a task more, recorded, in the last third": last,
        "kB of the client a task": grown * 1e3 / counts[-1],
        f"a task's cost grows by at most {MOST_GROWTH:.0%} more than bare": last - first <= MOST_GROWTH * usual,
        f"at most {MOST_KEPT:g} kB a task": grown * 1e3 / counts[-1] <= MOST_KEPT,
    }


def _ms(windows: Sequence[float], size: int) -> float:
    """Milliseconds a task in the median of some windows, of which the seconds are given."""
    return median(windows) / size * 1e3


def _forget_peak() -> int:
    """Have the most memory that this process has had counted from now on, where the system can; bytes it has now."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # see man 5 proc
    return psutil.Process().memory_info().rss


def _peak() -> int:
    """The most resident memory that this process has had, in bytes; on Linux since it was last forgotten."""
    with contextlib.suppress(OSError, StopIteration):
        status = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT


def _tour(bench: _Bench, rounds: int, part_rounds: int, rows: int | None) -> dict[str, Any]:
    """Tours on engines that have started up, bare and recorded in turn, see `_both_ways`.

    The tasks' own functions take nearly all of it, and in two bare tours differ by more than what is looked for. So
    they are told apart and measured by themselves, see `_parts`. What recording does besides is done in the client, in
    the controller, and on engines in other threads, or before and after these functions. What it costs in all is the
    sum of both medians; its interval is the sum of theirs, so that it is rather too wide.
    """
    tables = [pieces for _, pieces in parallel.cut(tweets.COMPANIES, TWEETS, rows, ENGINES)]
    view = bench.client.load_balanced_view()
    bench.client[:].apply_async(steps.start_up_on_one_thread).get(PATIENCE)

    def tour() -> float:
        sent = [view.map_async(_analysed, pieces) for pieces in tables]
        return sum(seconds for results in sent for _, seconds in results.get(PATIENCE))

    tour()
    bare, recorded = _in_turn((lambda: bench.cpu(tour), lambda: bench.recorded(tour)), _both_ways(rounds))
    seconds = [every for every, _ in bare]
    outside, recorded_outside = ([every - inside for every, inside in each] for each in (bare, recorded))
    more = _percent_more(outside, recorded_outside, mean(seconds))
    more_inside = _parts(bench, tables[0][0], part_rounds)
    ends = zip(interval_of_mean(more), interval_of_median(more_inside), strict=True)
    low, high = map(sum, ends)
    total = median(more) + median(more_inside)
    return {
        "seconds, bare": spread(seconds),
        "seconds, bare, outside of the tasks' functions": spread(outside),
        "percent more, recorded, outside of the tasks' functions": _with_interval(more, interval_of_mean(more)),
        "percent more, recorded, in them": _with_interval(more_inside, interval_of_median(more_inside)),
        "percent more, recorded, in all": {"median": total, "95 % from": low, "to": high},
        f"at most {MOST_OF_THE_TOUR:.0%} more": total <= MOST_OF_THE_TOUR * 100,
    }


def _parts(bench: _Bench, part: pd.DataFrame, rounds: int) -> list[float]:
    """How much more CPU, in percent, a task's own function takes while it is recorded: for each of PARTS, by rounds.

    One task after another on one engine, while nothing else is done. Of so small a part most bare ones are alike and a
    few are far off, which is why the median is what to go by.
    """
    view = bench.client[0]

    def analysed() -> list[float]:
        return [view.apply_async(_analysed, part).get(PATIENCE)[1] for _ in range(PARTS)]

    bare, recorded = _in_turn((analysed, lambda: bench.recorded(analysed)[1]), _both_ways(rounds))
    of_each = zip(zip(*bare, strict=True), zip(*recorded, strict=True), strict=True)
    return [more for one, other in of_each for more in _percent_more(one, other, median(one))]


def _both_ways(rounds: int) -> list[int]:
    """In each round bare (0), recorded (1), recorded, bare; in every second the other way round."""
    return ([0, 1, 1, 0, 1, 0, 0, 1] * rounds)[: 4 * rounds]


def _percent_more(bare: Sequence[float], recorded: Sequence[float], whole: float) -> list[float]:
    """How much more the two recorded ones of each round took than its two bare ones, in percent of a whole one."""
    more = [one - other for one, other in zip(recorded, bare, strict=True)]
    return [seconds / whole * 100 for seconds in _by_round(more)]


def _with_interval(values: Sequence[float], interval: tuple[float, float]) -> dict[str, float]:
    low, high = interval
    return {"median": median(values), "95 % from": low, "to": high}


def _analysed(part: pd.DataFrame) -> tuple[Analysis, float]:
    """Analyse a part, as the tour does; returns the seconds of CPU that it takes as well."""
    begun = _own_seconds()
    found = analyse(part)
    return found, _own_seconds() - begun


def _own_seconds() -> float:
    """CPU of this process, TensorFlow's threads included, but not of Python's other threads: the engine's, and ours."""
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    started = [thread.ident for thread in others if thread.ident and type(thread) is not threading._DummyThread]
    return time.process_time() - sum(time.clock_gettime(time.pthread_getcpuclockid(ident)) for ident in started)
