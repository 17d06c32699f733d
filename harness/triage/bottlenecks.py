"""What costs in a program, from its runs at several numbers of engines and sizes: each with its evidence and its gain.

Causes have the names that the course gives them, and two more: `transfer` and `serial-client`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, median

from harness.store.scaling import Finding
from harness.triage.engine_time import Timed
from harness.triage.scaling import Growth, fit_growth

WORTH = 0.10
"""The least share of the time that a mend has to save for a cause to be named."""
UNEVEN = 0.15
"""The same for what engines have to do: four tasks are often not as even."""
CLIENTS = 0.25
"""The same for the client's own code and for what is sent: any program has some of both."""
MANY = 16
"""Tasks for each engine from which on fewer would do as well."""
FINE = 64
"""Tasks for each engine from which on handing them out, 2 ms or so each, takes more than a moment."""
ENOUGH = 4
"""Tasks for each engine that still even out what engines have to do."""
LARGE = 50_000
"""Bytes for each task below which sending them again hardly counts."""
OVER_LINEAR = 1.4
"""The exponent above which a task's growth is not that of an n log n."""
WORTH_ENGINES = 0.1
"""CPU seconds of all tasks below which engines can't gain anything, whatever main does beside."""
DIFFERENT = 1.5
"""How many times as large as the smallest the largest input of a task must be for its growth to be told."""
SMALL = 0.005
"""CPU seconds of a task below which it is small: handing one out takes about as long."""
TOO_NOISY = 0.5
"""The error of a growth's exponent beyond which it says nothing."""
TOO_MANY_THREADS = 1.5
"""Threads at work for each core from which on they hinder each other."""


@dataclass(frozen=True)
class Measured:
    """The runs of one number of engines at one size."""

    engines: int
    scale: int
    runs: list[Timed]

    @property
    def seconds(self) -> float:
        """How long main took, in the median."""
        return median(one.seconds for one in self.runs)

    @property
    def middle(self) -> Timed:
        """The run that was in the middle, by time; the faster of two."""
        return sorted(self.runs, key=lambda one: one.seconds)[(len(self.runs) - 1) // 2]

    def share(self, name: str) -> float:
        """What share of the engines' time went where `Spent` says, in the median."""
        return median(one.spent.shares[name] for one in self.runs)

    @property
    def total(self) -> float:
        """Engine-seconds, in the median."""
        return median(one.spent.total for one in self.runs)

    @property
    def tasks(self) -> int:
        return len(self.middle.attempts)

    @property
    def cpu(self) -> float:
        """CPU seconds of all tasks together, in the median."""
        return median(sum(attempt.cpu for attempt in one.attempts) for one in self.runs)

    @property
    def waited(self) -> float:
        """Seconds in which tasks waited for something other than a core, all together, in the median."""
        return median(sum(attempt.waited for attempt in one.attempts) for one in self.runs)

    @property
    def threads(self) -> float:
        """Threads at work for a task, in the median."""
        return median(attempt.threads for attempt in self.middle.attempts)

    @property
    def no_core(self) -> float:
        """The share of the engines' time in which tasks were ready and had no core, in the median."""
        return median(sum(attempt.no_core for attempt in one.attempts) / one.spent.total for one in self.runs)

    @property
    def cores_used(self) -> float:
        """Processors that tasks kept busy on average."""
        return self.cpu / self.seconds

    def counter(self, name: str) -> float | None:
        """The run's counter of this name, in the median; None if the runs do not have it."""
        found = [run.run.outcome.counters.get(name) for run in self.runs if run.run.outcome]
        known = [value for value in found if value is not None]
        return median(known) if known else None

    def of_engines(self) -> list[float]:
        """What each engine's tasks took in the middle run, the most first; CPU seconds, or seconds if these are few."""
        attempts = self.middle.attempts
        slept = sum(one.cpu for one in attempts) < 0.3 * sum(one.run for one in attempts)
        sums = dict.fromkeys({one.engine for one in attempts}, 0.0)
        for one in attempts:
            sums[one.engine] += one.run if slept else one.cpu
        return sorted([*sums.values(), *[0.0] * (self.engines - len(sums))], reverse=True)


def growth(cells: Sequence[Measured]) -> Growth | None:
    """How the middle one of a run's tasks grows with its input, by CPU time, on the least number of engines.

    The input of a task is the run's size, divided by how many more tasks it has. None if that hardly differs.
    """
    alone = [cell for cell in cells if cell.engines == min(one.engines for one in cells)]
    first = min(alone, key=lambda cell: cell.scale)
    sizes, seconds = [], []
    for cell in alone:
        for run in cell.runs:
            spent = median(attempt.cpu for attempt in run.attempts)
            if spent > 0:
                sizes.append(round(cell.scale / first.scale * first.tasks / len(run.attempts), 3))
                seconds.append(spent)
    if not sizes or max(sizes) < DIFFERENT * min(sizes):
        return None
    return fit_growth(sizes, seconds)


@dataclass(frozen=True)
class Evidence:
    """What findings rest on: the cell that is looked at closely, one engine at the same size, a task's growth.

    first: the smallest size on as many engines, whose input is the program's own, with nothing in it twice. size: the
    input of a task in the cell looked at, in that of the smallest size.
    """

    at: Measured
    first: Measured
    alone: Measured | None
    growth: Growth | None
    size: float
    cores: int


def findings(evidence: Evidence) -> list[Finding]:
    """What costs, the most first; those whose gain is not known come last."""
    found = [one for find in _FINDERS for one in find(evidence)]
    return sorted(found, key=lambda one: -(one.share or 0.0))


def _imbalance(e: Evidence) -> Iterator[Finding]:
    """By CPU time as well as by the idle end: another program may delay an engine, but not give it more to do."""
    if e.at.engines < 2 or _in_turn(e):
        return
    of_engines = e.at.of_engines()
    uneven = 1 - mean(of_engines) / max(of_engines) if max(of_engines) else 0.0
    share = min(e.at.share("tail"), uneven)
    if share >= UNEVEN:
        work = " and ".join(f"{seconds:.2f} s" for seconds in (of_engines[0], of_engines[-1]))
        longest = e.at.counter("longest_share")
        yield Finding(
            cause="load-imbalance",
            share=share,
            evidence=f"engines were idle for {e.at.share('tail'):.0%} of their time with nothing left to do while "
            f"others worked; the most and the least that one had was {work}"
            + (f"; the longest task was {longest:.0%} of all" if longest else ""),
        )


def _in_turn(e: Evidence) -> bool:
    """Whether tasks that could have overlapped never did."""
    overlap = e.at.counter("overlap")
    return e.at.engines > 1 and e.at.tasks > 2 and overlap is not None and overlap < 0.05


def _taking_turns(e: Evidence) -> Iterator[Finding]:
    if e.at.engines < 2 or e.at.tasks < 2:
        return
    in_turn = _in_turn(e)
    idle = e.at.share("turns") + (e.at.share("tail") if in_turn else 0.0)
    if idle >= WORTH:
        which = (
            "never were two tasks under way at once" if in_turn else "the client waited for an answer before it sent on"
        )
        yield Finding(
            cause="accidental-serialisation",
            share=idle,
            evidence=f"engines were idle for {idle:.0%} of their time while another worked; {which}",
        )
        return
    waited = _more_waits(e)
    # of threads beside the task's own nobody knows whether they wait for a core
    known = e.at.counter("threads") is not None and e.at.threads == 1
    if e.alone is not None and known and waited >= 2 * WORTH:
        yield Finding(
            cause="accidental-serialisation",
            share=waited,
            evidence=f"tasks were under way at once, but waited inside, {waited:.0%} of the engines' time more than "
            f"on one engine; all together they kept {e.at.cores_used:.1f} cores busy",
        )


def _more_waits(e: Evidence) -> float:
    """The share of the engines' time that tasks waited inside beyond what the same tasks wait on one engine."""
    return max(0.0, e.at.waited - e.alone.waited) / e.at.total if e.alone else 0.0


def _overhead(e: Evidence) -> float:
    """The share of the engines' time that went to handing tasks and answers to and fro."""
    return e.at.share("sending") + e.at.share("submitting") + e.at.share("unpacking")


def _sent(e: Evidence) -> tuple[float, float]:
    """Bytes that a task received on average, and the share of all that had been sent before."""
    shares = []
    for cell in (e.at, e.first):
        out, repeated = cell.counter("bytes_out") or 0.0, cell.counter("bytes_repeated") or 0.0
        shares.append(repeated / out if out else 0.0)
    return (e.at.counter("bytes_out") or 0.0) / e.at.tasks, min(shares)


def _handing_out(e: Evidence) -> Iterator[Finding]:
    each, repeated = _sent(e)
    overhead, fewest = _overhead(e), ENOUGH * e.at.engines
    if each >= LARGE and repeated >= 0.5:
        if (share := overhead * repeated) >= WORTH:
            yield Finding(
                cause="repeated-transfer",
                share=share,
                evidence=f"{each / 1e6:.1f} MB went with each of {e.at.tasks} tasks, {repeated:.0%} of it not for the "
                f"first time; handing tasks out took {overhead:.0%} of the engines' time",
            )
    elif e.at.tasks >= FINE * e.at.engines and each < 20 * LARGE:
        running = median(attempt.cpu for attempt in e.at.middle.attempts)
        if running > SMALL:
            return
        if (share := overhead * (1 - fewest / e.at.tasks)) >= WORTH and overhead >= 0.2:
            yield Finding(
                cause="too-fine-grain",
                share=share,
                evidence=f"{e.at.tasks} tasks that each compute for {running * 1000:.1f} ms; handing them out "
                f"took {overhead:.0%} of the engines' time",
            )
    elif each >= 20 * LARGE and overhead >= CLIENTS:
        yield Finding(
            cause="transfer",
            share=overhead,
            evidence=f"{each / 1e6:.1f} MB went with each of {e.at.tasks} tasks; handing them out took "
            f"{overhead:.0%} of the engines' time",
        )


def _repeated_initialisation(e: Evidence) -> Iterator[Finding]:
    loads, imports = e.at.counter("loads_repeated") or 0.0, e.at.counter("imports") or 0.0
    once_more = 1 - e.at.engines / e.at.tasks
    if e.at.tasks <= e.at.engines:
        return
    if e.growth is None or (e.growth.error or 0.0) > TOO_NOISY:
        each = mean(attempt.loaded for attempt in e.at.middle.attempts)
        if loads >= e.at.tasks / 2 and each >= 2 * LARGE:
            yield Finding(
                cause="repeated-initialisation",
                share=once_more * e.at.share("running"),
                evidence=f"{_loaded(loads)} again by the same engine, {each / 1e6:.1f} MB for each of {e.at.tasks} "
                "tasks; how much of a task that takes is not known",
            )
        return
    fixed = e.growth.fixed / e.growth.at(e.size)
    share = fixed * once_more * e.at.share("running")
    seen = loads > 0 or imports >= e.at.tasks
    if share >= (WORTH if seen else 0.3):
        also = f", and {_loaded(loads)} again by the same engine" if loads else ""
        yield Finding(
            cause="repeated-initialisation",
            share=share,
            evidence=f"{fixed:.0%} of a task, {e.growth.fixed * 1000:.0f} ms, is the same whatever its input{also}; "
            f"{e.at.tasks} tasks do it on {e.at.engines} engine{'s' if e.at.engines > 1 else ''}",
        )


def _loaded(loads: float) -> str:
    return f"files were read {loads:.0f} time{'s' if loads > 1 else ''}"


def _oversubscription(e: Evidence) -> Iterator[Finding]:
    threads = e.at.threads
    alone = e.alone.share("running") * e.alone.total if e.alone else 0.0
    at_once = e.alone.cpu / alone if e.alone and alone else 0.0
    wanted = at_once * e.at.engines / e.cores
    crowded = threads >= 2 and threads * e.at.engines / e.cores >= TOO_MANY_THREADS
    if not crowded and not (at_once > 1.2 and wanted >= TOO_MANY_THREADS):
        return
    running = e.at.share("running") * e.at.total
    needed = min(one.cpu + one.waited for one in (e.at, e.alone) if one)  # less what they wait for cores
    said = (
        f"{threads:g} threads on each engine" if crowded else f"work for {wanted:.1f} times as many cores as there are"
    )
    yield Finding(
        cause="oversubscription",
        share=max(0.0, running - needed) / e.at.total if e.alone else None,
        evidence=f"tasks have {said}, {e.at.engines} engines share {e.cores} cores"
        + (f"; a task takes {running / alone:.2f} times as long as on one engine" if alone else ""),
    )


def _serial_client(e: Evidence) -> Iterator[Finding]:
    share = e.at.share("client")
    if share >= CLIENTS and e.at.cpu >= WORTH_ENGINES:
        yield Finding(
            cause="serial-client",
            share=share,
            evidence=f"for {share:.0%} of the time no task was out: main's own code, before, between and after them",
        )


def _algorithm(e: Evidence) -> Iterator[Finding]:
    if e.growth is None:
        within = e.at.counter("growth")
        if within is not None and within >= OVER_LINEAR:
            yield Finding(
                cause="algorithmic",
                share=None,
                evidence=f"of tasks that got more and less to do, the time grows with exponent {within:.2f}, 1 "
                "would be in proportion; larger sizes would tell what that costs",
            )
        return
    if e.size <= 1 or e.growth.least < OVER_LINEAR:
        return
    now = e.growth.at(e.size)
    linear = e.growth.fixed + e.growth.rest * e.size
    share = (1 - linear / now) * e.at.share("running")
    if share >= WORTH:
        yield Finding(
            cause="algorithmic",
            share=share,
            evidence=f"{e.size:.3g} times the input takes one task {now / e.growth.at(1):.1f} times as long: it grows "
            f"with exponent {e.growth.exponent:.2f}, 1 would be in proportion",
        )


_FINDERS = (
    _imbalance,
    _taking_turns,
    _handing_out,
    _repeated_initialisation,
    _oversubscription,
    _serial_client,
    _algorithm,
)
