"""The mathematics of scaling: speed-up, efficiency, serial fraction, Amdahl's curve, growth with the input."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_EXPONENTS = (0.05, 6.0)
"""What a growth exponent is sought between."""


def efficiency(speed_up: float, processors: int) -> float:
    """Speed-up a processor, 1 at best."""
    return speed_up / processors


def karp_flatt(speed_up: float, processors: int) -> float:
    """The experimentally determined serial fraction, (1/S − 1/p) / (1 − 1/p); needs p ≥ 2.

    A. H. Karp and H. P. Flatt, "Measuring parallel processor performance", Communications of the ACM 33(5), 1990,
    pages 539–543. Below 0 where p processors are more than p times as fast.
    """
    return (1 / speed_up - 1 / processors) / (1 - 1 / processors)


def amdahl(fraction: float, processors: int) -> float:
    """The speed-up on p processors if `fraction` of the work can't be shared, 1 / (f + (1 − f)/p).

    G. M. Amdahl, "Validity of the single processor approach to achieving large scale computing capabilities", AFIPS
    Spring Joint Computer Conference, 1967, pages 483–485.
    """
    return 1 / (fraction + (1 - fraction) / processors)


@dataclass(frozen=True)
class AmdahlFit:
    """`fraction` of the work that can't be shared, and its standard error, None where too few times were measured."""

    fraction: float
    error: float | None

    @property
    def limit(self) -> float:
        """The speed-up that no number of processors exceeds; infinite for a fraction of 0 or less."""
        return 1 / self.fraction if self.fraction > 0 else float("inf")


def fit_amdahl(processors: Sequence[int], seconds: Sequence[float]) -> AmdahlFit | None:
    """The serial fraction that fits the times best: least squares of T = a + b/p with f = a/(a + b).

    processors, seconds: shape (n,), a measured time each, seconds > 0. Each error counts in proportion to its time. The
    fraction is below 0 where more processors are faster than in proportion, above 1 where they are slower than one.
    None unless there are two numbers of processors or more.
    """
    p, t = np.asarray(processors, float), np.asarray(seconds, float)
    if len(set(processors)) < 2:
        return None
    design = np.stack([1 / t, 1 / (p * t)], axis=1)  # relative errors: both sides divided by the time
    (a, b), *_ = np.linalg.lstsq(design, np.ones_like(t), rcond=None)
    whole = a + b
    if whole <= 0:  # far from what was measured, if one processor was not
        return None
    free = len(t) - 2
    if free < 1:
        return AmdahlFit(float(a / whole), None)
    slope = np.array([b, -a]) / whole**2
    return AmdahlFit(float(a / whole), _error(design, 1 - design @ [a, b], slope, free))


@dataclass(frozen=True)
class Growth:
    """A task takes `fixed` + `rest`·x^`exponent` seconds for x times the input.

    `error` is the exponent's standard error, None where too few times were measured.
    """

    exponent: float
    error: float | None
    fixed: float
    rest: float

    @property
    def least(self) -> float:
        """The exponent less twice its error; the exponent where that is not known."""
        return self.exponent - 2 * (self.error or 0.0)

    def at(self, size: float) -> float:
        """Seconds for so many times the input."""
        return self.fixed + self.rest * size**self.exponent


def fit_growth(sizes: Sequence[float], seconds: Sequence[float]) -> Growth | None:
    """How a task's time grows with its input: least squares of t = a + b·x^e with a ≥ 0 and b ≥ 0.

    sizes, seconds: shape (n,), both > 0. What a task does once whatever its input, `fixed`, thus does not make it look
    as if it grew less. From two sizes only that part can't be told, and is taken as 0. None for fewer than two.
    """
    x, t = np.asarray(sizes, float), np.asarray(seconds, float)
    different = len(set(sizes))
    if different < 2:
        return None

    def fitted(exponent: float) -> tuple[float, float, float]:
        return _two_parts(x**exponent, t, fixed=different > 2)

    def misfit(exponent: float) -> float:
        return fitted(exponent)[2]

    grid = np.linspace(*_EXPONENTS, 120)
    best = int(np.argmin([misfit(exponent) for exponent in grid]))
    exponent = _least(misfit, grid[max(0, best - 1)], grid[min(len(grid) - 1, best + 1)])
    a, b, _ = fitted(exponent)
    columns = [x**exponent / t, b * x**exponent * np.log(x) / t] + ([1 / t] if a > 0 else [])
    design = np.stack(columns, axis=1)
    free = len(t) - design.shape[1]
    error = None
    if free > 0 and np.linalg.matrix_rank(design) == design.shape[1]:
        error = _error(design, 1 - (a + b * x**exponent) / t, np.eye(design.shape[1])[1], free)
    return Growth(float(exponent), error, float(a), float(b))


def _two_parts(powers: np.ndarray, t: np.ndarray, *, fixed: bool) -> tuple[float, float, float]:
    """a, b ≥ 0 of t = a + b·powers with the least sum of squared relative errors, and that sum."""
    candidates = [(0.0, _one(powers / t))]
    if fixed:
        (a, b), *_ = np.linalg.lstsq(np.stack([1 / t, powers / t], axis=1), np.ones_like(t), rcond=None)
        candidates = [(a, b)] if min(a, b) >= 0 else [*candidates, (_one(1 / t), 0.0)]
    sums = [float(np.sum((1 - (a + b * powers) / t) ** 2)) for a, b in candidates]
    return (*candidates[int(np.argmin(sums))], min(sums))


def _one(column: np.ndarray) -> float:
    return float(column.sum() / (column @ column))


def _least(function, low: float, high: float) -> float:
    """Where a function with one valley between two numbers is least, by golden sections."""
    ratio = (5**0.5 - 1) / 2
    for _ in range(60):
        inner, outer = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, outer) if function(inner) <= function(outer) else (inner, high)
    return (low + high) / 2


def _error(design: np.ndarray, residuals: np.ndarray, slope: np.ndarray, free: int) -> float:
    """The standard error of a quantity by the errors of the parameters that it depends on with this slope."""
    covariance = np.linalg.pinv(design.T @ design) * float(residuals @ residuals) / free
    return float(np.sqrt(max(0.0, slope @ covariance @ slope)))
