"""How a program scales as a PNG picture: speed-up beside efficiency, with what is ideal and what Amdahl's law fits."""

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from harness.store.scaling import Amdahl, Cell, Explanation
from harness.views import pictures
from harness.views.text import NAME, counted, short

_SIZE = (12.0, 5.0)  # inches
_IDEAL, _FIT = "#666666", "#d9822b"
_POINTS = 200


def png(explained: Explanation) -> bytes:
    """The picture's content, 1440 by 600 pixels; needs cells of one engine, to compare with, and of more."""
    return pictures.png(lambda: _figure(explained))


def _figure(explained: Explanation) -> Figure:
    figure = Figure(figsize=_SIZE, layout="constrained")
    left, right = figure.subplots(1, 2)
    engines = sorted({cell.engines for cell in explained.cells})
    along = np.linspace(1, engines[-1], _POINTS)
    for panel, ideal in ((left, along), (right, np.ones(_POINTS))):
        panel.plot(along, ideal, "--", color=_IDEAL, linewidth=1, label="ideal")
    if explained.amdahl is not None:
        _fit(left, right, along, explained.amdahl, explained.scale)
    scales = sorted({cell.scale for cell in explained.cells})
    blues = matplotlib.colormaps["Blues"](np.linspace(1, 0.4, len(scales))[::-1])  # the larger the darker
    for scale, colour in zip(scales, blues, strict=True):
        _measured(left, right, [cell for cell in explained.cells if cell.scale == scale], colour, scale)
    _panel(left, "speed-up", engines, explained.cores)
    _panel(right, "efficiency: speed-up per engine", engines, explained.cores)
    right.yaxis.set_major_formatter(PercentFormatter(1))
    figure.suptitle(_title(explained), fontsize=11, x=0.01, ha="left")
    handles, labels = left.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(7, len(handles)), frameon=False, fontsize=8)
    return figure


def _title(explained: Explanation) -> str:
    repeats = max(len(cell.seconds) for cell in explained.cells)
    runs = f"median of {counted(repeats, 'run')}, bars from slowest to fastest" if repeats > 1 else "one run each"
    return f"{short(explained.target, NAME)}, {short(explained.variant, NAME)}: {runs}"


def _panel(panel: Axes, name: str, engines: Sequence[int], cores: int) -> None:
    if engines[-1] > cores:
        label = f"{counted(cores, 'core')}: no more engines count for the fit"
        panel.axvline(cores, color="#999999", linewidth=0.9, linestyle=":", label=label)
    panel.set_xticks(engines)
    panel.set_xlabel("engines", fontsize=9)
    panel.set_ylim(bottom=0)
    panel.set_title(name, loc="left", fontsize=10)
    panel.spines[["top", "right"]].set_visible(False)
    panel.tick_params(labelsize=8)
    panel.grid(alpha=0.25, linewidth=0.6)


def _measured(left: Axes, right: Axes, cells: Sequence[Cell], colour: np.ndarray, scale: int) -> None:
    """Medians, and bars from the slowest to the fastest run, each compared with the median on one engine."""
    cells = sorted(cells, key=lambda cell: cell.engines)
    alone = next(cell.median for cell in cells if cell.engines == 1)
    engines = np.array([cell.engines for cell in cells])
    median, slowest, fastest = (
        alone / np.array([of(cell) for cell in cells])
        for of in (lambda cell: cell.median, lambda cell: max(cell.seconds), lambda cell: min(cell.seconds))
    )
    spread = np.stack([median - slowest, fastest - median])
    style: dict[str, Any] = {"color": colour, "marker": "o", "markersize": 5, "capsize": 3, "label": f"×{scale}"}
    left.errorbar(engines, median, spread, **style)
    right.errorbar(engines, median / engines, spread / engines, **style)


def _fit(left: Axes, right: Axes, engines: np.ndarray, fit: Amdahl, scale: int) -> None:
    curve = _speed_up(fit.fraction, engines)
    label = f"Amdahl's law fitted at ×{scale}: serial fraction {fit.fraction:.0%}"
    if fit.error is not None:
        label += f" ± {fit.error:.0%}"
        low, high = (_speed_up(fit.fraction + fit.error * sign, engines) for sign in (1, -1))
        for panel, per in ((left, 1), (right, engines)):
            panel.fill_between(engines, low / per, high / per, color=_FIT, alpha=0.2, linewidth=0)
    left.plot(engines, curve, color=_FIT, linewidth=1.6, label=label)
    right.plot(engines, curve / engines, color=_FIT, linewidth=1.6, label=label)


def _speed_up(fraction: float, engines: np.ndarray) -> np.ndarray:
    """Amdahl's law, 1 / (f + (1 − f)/p); where a fraction below 0 leaves no time at all, more than can be drawn."""
    return 1 / np.maximum(fraction + (1 - fraction) / engines, 1e-9)
