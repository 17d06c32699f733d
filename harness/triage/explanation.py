"""From the runs of one program at several numbers of engines and sizes to how it scales, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.store.scaling import Amdahl, Cell, Explanation, TaskGrowth
from harness.triage.bottlenecks import MANY, Evidence, Measured, findings, growth
from harness.triage.scaling import Growth, efficiency, fit_amdahl, karp_flatt

GAIN = 1.05
"""How many times as fast counts as faster at all."""
BUSY = 0.1
"""The share of the time without a core from which on the machine was not at rest."""
LITTLE = 0.25
"""The share of the time that computing takes below which few tasks are too small for engines."""
SHORT = 0.05
"""Seconds of a run below which chance moves it more than engines do."""


def explain(cells: Sequence[Measured], cold: Mapping[int, float], cores: int) -> Explanation:
    """How a program scales, and what costs.

    cells: each number of engines at each size, once, with the runs that were measured. cold: by number of engines,
    seconds of the first run on new engines, which is none of these. cores: that the engines had.
    """
    by_place = {(cell.engines, cell.scale): cell for cell in cells}
    largest = max(cell.scale for cell in cells)
    fitting = [cell.engines for cell in cells if cell.engines <= cores] or [min(cell.engines for cell in cells)]
    at = by_place[max(fitting), largest]
    alone, grown = by_place.get((1, largest)), growth(cells)
    first = min((cell for cell in cells if cell.engines == at.engines), key=lambda cell: cell.scale)
    evidence = Evidence(at, first, alone, grown, largest / first.scale * first.tasks / at.tasks, cores)
    of_program = at.middle.run.manifest
    explained = [_cell(cell, by_place.get((1, cell.scale))) for cell in cells]
    return Explanation(
        target=of_program.target,
        variant=of_program.variant.partition("-x")[0],
        cores=cores,
        cells=explained,
        cold=dict(cold),
        engines=at.engines,
        scale=largest,
        run=at.middle.run.name,
        spent={name: at.share(name) for name in at.middle.spent.shares},
        amdahl=_amdahl([cell for cell in cells if cell.scale == largest and cell.engines <= cores]),
        growth=_growth(grown, evidence.size),
        findings=findings(evidence),
        notes=list(_notes(_Surprise(explained, cold, cores, at))),
    )


def _cell(cell: Measured, alone: Measured | None) -> Cell:
    speed_up = alone.seconds / cell.seconds if alone and cell is not alone else None
    return Cell(
        engines=cell.engines,
        scale=cell.scale,
        seconds=[one.seconds for one in cell.runs],
        median=cell.seconds,
        speed_up=speed_up,
        efficiency=efficiency(speed_up, cell.engines) if speed_up else None,
        serial_fraction=karp_flatt(speed_up, cell.engines) if speed_up else None,
        runs=[one.run.name for one in cell.runs],
    )


def _amdahl(cells: Sequence[Measured]) -> Amdahl | None:
    times = [(cell.engines, one.seconds) for cell in cells for one in cell.runs]
    fit = fit_amdahl([engines for engines, _ in times], [seconds for _, seconds in times])
    if fit is None:
        return None
    return Amdahl(fraction=fit.fraction, error=fit.error, limit=fit.limit if fit.fraction > 0 else None)


def _growth(grown: Growth | None, size: float) -> TaskGrowth | None:
    if grown is None:
        return None
    return TaskGrowth(exponent=grown.exponent, error=grown.error, fixed_share=grown.fixed / grown.at(size))


@dataclass(frozen=True)
class _Surprise:
    cells: list[Cell]
    cold: Mapping[int, float]
    cores: int
    at: Measured


def _notes(seen: _Surprise):
    """What surprises who expects that engines share everything and cost nothing; none of it names a cause."""
    inside = seen.at.share("running")
    if seen.at.seconds < SHORT or (inside < LITTLE and seen.at.tasks < MANY * seen.at.engines):
        yield (
            f"All tasks together compute for {seen.at.cpu * 1000:.0f} ms, and engines were at them for "
            f"{inside:.0%} of their time: so little that sending and chance decide. Give them more to do."
        )
    if seen.at.no_core > BUSY and seen.at.engines <= seen.cores:
        yield (
            f"For {seen.at.no_core:.0%} of the engines' time their tasks were ready and had no core, though there are "
            f"{seen.cores} for {seen.at.engines}: something else had them. On a machine at rest it looks better."
        )
    yield from _more_engines_than_cores(seen)
    yield from _small_and_large(seen)
    for cell in seen.cells:
        if cell.efficiency and cell.efficiency > GAIN and cell.engines <= seen.cores and cell.scale == seen.at.scale:
            yield (
                f"{cell.engines} engines are {cell.speed_up:.2f} times as fast as one, more than they are engines: the "
                "machine's speed changed meanwhile, or a part fits into a cache that the whole does not."
            )
    yield from _cold(seen)


def _more_engines_than_cores(seen: _Surprise):
    most = [cell for cell in seen.cells if cell.engines > seen.cores and cell.scale == seen.at.scale]
    for cell in most:
        ratio = seen.at.seconds / cell.median
        if ratio < GAIN:
            lost = "gain nothing" if ratio > 1 / GAIN else f"take {1 / ratio:.2f} times as long"
            yield (
                f"{cell.engines} engines on {seen.cores} cores {lost} compared with {seen.at.engines}: "
                "who works at the same time shares the cores."
            )


def _small_and_large(seen: _Surprise):
    here = sorted((cell for cell in seen.cells if cell.engines == seen.at.engines), key=lambda cell: cell.scale)
    small, large = here[0], here[-1]
    if small is large or not small.speed_up or not large.speed_up:
        return
    if small.speed_up < 1 < large.speed_up:
        yield (
            f"At ×{small.scale} {small.engines} engines are slower than one ({small.speed_up:.2f}), at ×{large.scale} "
            f"faster ({large.speed_up:.2f}): what it costs to hand tasks out does not shrink with them."
        )


def _cold(seen: _Surprise):
    for engines, seconds in seen.cold.items():
        warm = min((cell for cell in seen.cells if cell.engines == engines), key=lambda cell: cell.scale)
        if seconds > 2 * warm.median and seconds - warm.median > SHORT and engines == seen.at.engines:
            yield (
                f"The first run on new engines took {seconds:.2f} s, later ones {warm.median:.2f} s: every engine "
                "imports and loads for itself, which engines do not share but repeat."
            )
