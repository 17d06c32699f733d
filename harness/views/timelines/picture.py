"""A timeline as a PNG picture: engines as rows, tasks as bars, cores, memory and waiting tasks below."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from harness.store import Run
from harness.store.spans import DIED, FAILED, OPEN, PHASES, Span
from harness.views import pictures
from harness.views.text import counted, duration, short
from harness.views.timelines.colours import PHASES as PHASE_COLOURS
from harness.views.timelines.colours import REST, STATUSES, colour_of
from harness.views.timelines.columns import Column, Scale, lane, most_waiting
from harness.views.timelines.model import Timeline

MOST_LANES = 128
MOST_BARS = 3000
"""Tasks that are drawn as bars of their own; more are merged, column by column."""
MOST_NUMBERS = 300
COLUMNS = 1400
_WIDTH, _LANE, _BELOW = 12.0, 0.34, 1.0  # inches
_NAMES = {FAILED: "failed", DIED: "engine died with it", OPEN: "not ended"}


def png(run: Run, timeline: Timeline) -> bytes:
    """The picture's content: 1440 pixels wide, as high as engines need, of 128 engines at most."""
    return pictures.png(lambda: _figure(run, timeline))


def _figure(run: Run, timeline: Timeline) -> Figure:
    engines = timeline.engines[:MOST_LANES]
    below = [_queued] if timeline.waiting else []
    below += [_cores, _memory] if timeline.uses else []
    high = max(2, len(engines)) * _LANE + 0.3
    figure = Figure(figsize=(_WIDTH, high + len(below) * _BELOW + 1.5), layout="constrained")
    panels = figure.subplots(
        1 + len(below), 1, sharex=True, squeeze=False, height_ratios=[high, *[_BELOW] * len(below)]
    )[:, 0]
    _lanes(panels[0], timeline, engines)
    for panel, draw in zip(panels[1:], below, strict=True):
        draw(panel, timeline)
    for panel in panels:
        panel.spines[["top", "right"]].set_visible(False)
        panel.tick_params(labelsize=8)
        for mark in timeline.marks:
            if mark.kind in ("deadline", "endless"):
                panel.axvline(mark.time - timeline.origin, color=STATUSES[FAILED], linewidth=1.2, linestyle="--")
    start = timeline.start - timeline.origin
    panels[-1].set_xlim(start - 0.005 * timeline.length, start + 1.005 * timeline.length)
    panels[-1].set_xlabel("seconds after the run's begin", fontsize=9)
    panels[0].set_title(_title(run, timeline), loc="left", fontsize=11, pad=16)
    handles = _handles(timeline)
    figure.legend(
        handles=handles, loc="outside lower center", ncols=min(7, len(handles) or 1), frameon=False, fontsize=8
    )
    return figure


def _title(run: Run, timeline: Timeline) -> str:
    outcome = run.outcome.outcome if run.outcome else "cut off"
    left_out = len(timeline.engines) - MOST_LANES
    more = f", the first {MOST_LANES} shown" if left_out > 0 else ""
    return (
        f"{short(run.manifest.target, 60)}: {short(outcome, 12)}, {counted(len(timeline.spans), 'attempt')} at tasks "
        f"on {counted(len(timeline.engines), 'engine')}{more}, {duration(timeline.length)}"
    )


def _lanes(panel: Axes, timeline: Timeline, engines: Sequence[int]) -> None:
    spans: dict[int, list[Span]] = defaultdict(list)
    for span in timeline.spans:
        spans[span.engine].append(span)
    if sum(len(spans[engine]) for engine in engines) <= MOST_BARS:
        for row, engine in enumerate(engines):
            _bars(panel, row, spans[engine], timeline)
    elif engines:
        _image(panel, [lane(spans[engine], Scale(timeline, COLUMNS)) for engine in engines], timeline)
    rows = {engine: row for row, engine in enumerate(engines)}
    for mark in timeline.marks:
        if mark.engine in rows and mark.kind in ("death", "engine-replaced") and mark.time <= timeline.end:
            colour = STATUSES[FAILED] if mark.kind == "death" else STATUSES[OPEN]
            at = mark.time - timeline.origin
            panel.plot(at, rows[mark.engine], "X", color=colour, markersize=9, markeredgecolor="white", clip_on=False)
            panel.annotate(
                mark.text, (at, rows[mark.engine]), (-8, 0), textcoords="offset points", fontsize=7.5, ha="right",
                va="center", color="#333333", bbox={"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1},
            )  # fmt: skip
        elif mark.kind in ("deadline", "endless"):
            panel.annotate(
                mark.text, (mark.time - timeline.origin, 1), (-3, 2), xycoords=("data", "axes fraction"),
                textcoords="offset points", fontsize=8, ha="right", color=STATUSES[FAILED],
            )  # fmt: skip
    busy = timeline.busy
    names = [f"{short(f'engine {engine}', 16)}  {busy[engine]:.0%}" for engine in engines]
    panel.set_yticks(range(len(engines)), names)
    panel.set_ylim(max(2, len(engines)) - 0.5, -0.5)
    panel.tick_params(axis="y", length=0)


def _bars(panel: Axes, row: int, spans: Sequence[Span], timeline: Timeline) -> None:
    for span in spans:
        start = span.start - timeline.origin
        edge = STATUSES[span.status] if span.status in _NAMES else "white"
        panel.broken_barh(
            [(start, span.length)], (row - 0.38, 0.76), facecolor=colour_of(span.group, timeline.groups),
            edgecolor=edge, linewidth=1.6 if span.status in _NAMES else 0.4,
            hatch="////" if span.status in _NAMES else None,
        )  # fmt: skip
        for name, length in span.phases.items():
            if name != "run" and length > timeline.length / COLUMNS:
                panel.broken_barh([(start, length)], (row + 0.16, 0.22), facecolor=PHASE_COLOURS.get(name, REST))
            start += length
        if span.length > timeline.length / 60 and len(timeline.spans) <= MOST_NUMBERS:
            panel.text(
                span.start - timeline.origin + timeline.length / 400, row - 0.08, str(span.task), fontsize=7.5,
                va="center", color="white", clip_on=True,
            )  # fmt: skip


def _image(panel: Axes, lanes: Sequence[Sequence[Column | None]], timeline: Timeline) -> None:
    """A row of pixels for each lane, paler where it was not busy all the time; below it, what did not end well."""
    width = timeline.length / COLUMNS
    pixels = np.ones((len(lanes) * 8, COLUMNS, 3))
    colours = {group: np.array(to_rgb(colour_of(group, timeline.groups))) for group in timeline.groups}
    for row, columns in enumerate(lanes):
        for at, column in enumerate(columns):
            if column is None:
                continue
            mixed = sum(colours[group] * seconds for group, seconds in column.groups.items())
            colour = mixed / column.busy if column.busy > 0 else colours[next(iter(column.groups))]
            share = 0.25 + 0.75 * min(1.0, column.busy / width)
            pixels[row * 8 + 1 : row * 8 + 7, at] = 1 - share * (1 - colour)
            for status in (OPEN, DIED, FAILED):
                if status in column.statuses:
                    pixels[row * 8 + 5 : row * 8 + 7, at] = to_rgb(STATUSES[status])
    start = timeline.start - timeline.origin
    extent = (start, start + timeline.length, len(lanes) - 0.5, -0.5)
    panel.imshow(pixels, extent=extent, aspect="auto", interpolation="nearest")


def _cores(panel: Axes, timeline: Timeline) -> None:
    times, ours, machine = _steps(
        timeline, [[use.all_cores for use in timeline.uses], [use.machine for use in timeline.uses]]
    )
    panel.fill_between(times, ours, step="post", color="#3b7dd8", alpha=0.8, linewidth=0)
    panel.step(times, machine, where="post", color="#444444", linewidth=0.9)
    panel.axhline(timeline.cores, color="#999999", linewidth=0.8, linestyle=":")
    panel.set_ylim(0, 1.15 * timeline.cores)
    panel.set_ylabel("cores", fontsize=9)


def _memory(panel: Axes, timeline: Timeline) -> None:
    engines = [(use.all_memory - use.memory.get(None, 0)) / 1e6 for use in timeline.uses]
    times, ours, everything = _steps(timeline, [engines, [use.all_memory / 1e6 for use in timeline.uses]])
    panel.fill_between(times, everything, step="post", color="#b4bcc6", linewidth=0)
    panel.fill_between(times, ours, step="post", color="#2a9d8f", alpha=0.9, linewidth=0)
    panel.set_ylim(0, 1.15 * max(everything))
    panel.set_ylabel("MB", fontsize=9)


def _steps(timeline: Timeline, figures: Sequence[Sequence[float]]) -> list[list[float]]:
    """The times at which uses begin, and of the end of the last; figures with the last one repeated."""
    times = [use.start - timeline.origin for use in timeline.uses] + [timeline.uses[-1].end - timeline.origin]
    return [times, *([*values, values[-1]] for values in figures)]


def _queued(panel: Axes, timeline: Timeline) -> None:
    scale = Scale(timeline, COLUMNS)
    waiting = most_waiting(timeline, scale)
    times = [scale.start - timeline.origin + column * scale.width for column in range(COLUMNS)]
    panel.fill_between(times, waiting, step="post", color="#c9722f", alpha=0.8, linewidth=0)
    panel.set_ylim(0, 1.15 * max(1, *waiting))
    panel.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    panel.set_ylabel("queued", fontsize=9)


def _handles(timeline: Timeline) -> list[Any]:
    statuses = {span.status for span in timeline.spans}
    phases = {name for span in timeline.spans for name in span.phases} - {"run"}
    groups = [Patch(color=colour_of(group, timeline.groups), label=group or "(not begun)") for group in timeline.groups]
    ends = [
        Patch(facecolor="white", edgecolor=STATUSES[status], hatch="////", label=name)
        for status, name in _NAMES.items()
        if status in statuses
    ]
    inside = [
        Patch(color=PHASE_COLOURS.get(name, REST), label=PHASES.get(name, name))
        for name in [*PHASES, *sorted(phases - set(PHASES))]
        if name in phases
    ]
    used = []
    if timeline.uses:
        used = [
            Patch(color="#3b7dd8", label="cores of engines and client"),
            Patch(color="#444444", label="cores of the whole machine"),
            Patch(color="#2a9d8f", label="memory of engines"),
            Patch(color="#b4bcc6", label="memory of the client"),
        ]
    return [*groups, *ends, *inside, *used]
