"""The list of runs: one line a run, newest first."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text

from harness.errors import BadInput
from harness.store import Run
from harness.views.text import duration, handle, short

CUT_OFF = "cut off"
UNREADABLE = "unreadable"
GAP = "  "
TITLES = ("run", "target", "variant", "outcome", "eng", "when", "took")
MOST = (24, 24, 16, 10)
"""Cells that each of the first columns takes at most; these become narrower still where the console is narrow."""
LEAST = 4
_RIGHT = ("eng", "took")
_STYLES = {"ok": "green", CUT_OFF: "yellow", UNREADABLE: "yellow", "unknown": "yellow", "slow": "yellow"}


@dataclass(frozen=True)
class Entry:
    """A run in the list. Times are seconds since the epoch, `took` seconds; what cannot be read is None or empty."""

    call: str
    run: str
    folder: str
    target: str = ""
    variant: str = ""
    outcome: str = UNREADABLE
    engines: int | None = None
    started: float | None = None
    took: float | None = None


def entries(runs: Sequence[Run], root: Path) -> list[Entry]:
    """The runs as entries, newest first; those whose manifest cannot be read come last."""
    found = [_entry(run, root) for run in runs]
    return sorted(found, key=lambda entry: entry.started or 0.0, reverse=True)


def _entry(run: Run, root: Path) -> Entry:
    call, folder = handle(run, root), str(run.folder)
    try:
        manifest = run.manifest
    except BadInput:
        return Entry(call, run.name, folder)
    return Entry(
        call,
        run.name,
        folder,
        target=manifest.target,
        variant=manifest.variant,
        outcome=run.outcome.outcome if run.outcome and not run.cut_off else CUT_OFF,
        engines=manifest.engines,
        started=manifest.started,
        took=None if manifest.ended is None else manifest.ended - manifest.started,
    )


def listing(found: Sequence[Entry]) -> RenderableType:
    """The entries as a table as wide as the console, at most; times are local."""
    return Listing(tuple(found)) if found else Text("No runs yet; `harness run 1` records one.")


@dataclass(frozen=True)
class Listing:
    """A table that draws itself: rich's own takes 0.4 ms a run, and there may be thousands."""

    found: tuple[Entry, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        rows = [_cells(entry) for entry in self.found]
        widths = _widths(rows, options.max_width)
        name, dim = console.get_style("cyan"), console.get_style("dim")
        outcomes = {entry.outcome: console.get_style(_STYLES.get(entry.outcome, "red")) for entry in self.found}
        yield from (Segment(GAP.join(_fitted(TITLES, widths)), dim), Segment.line())
        for entry, row in zip(self.found, rows, strict=True):
            cells = _fitted(row, widths)
            yield Segment(cells[0], name)
            yield Segment(GAP.join(["", *cells[1:3], ""]))
            yield Segment(cells[3], outcomes[entry.outcome])
            yield Segment(GAP.join(["", *cells[4:]]))
            yield Segment.line()


def _cells(entry: Entry) -> tuple[str, ...]:
    return (
        short(entry.call, 24),
        short(entry.target, 40),
        short(entry.variant, 40),
        short(entry.outcome, 20),
        "" if entry.engines is None else str(entry.engines),
        "" if entry.started is None else time.strftime("%m-%d %H:%M:%S", time.localtime(entry.started)),
        "" if entry.took is None else duration(entry.took),
    )


def _widths(rows: Sequence[tuple[str, ...]], width: int) -> list[int]:
    """Cells of each column: as its longest text needs, within `MOST`; the widest ones less if all must fit `width`."""
    widths = [max(map(cell_len, column)) for column in zip(TITLES, *rows, strict=True)]
    widths[: len(MOST)] = map(min, widths, MOST)
    while sum(widths) + len(GAP) * (len(widths) - 1) > width and max(widths[: len(MOST)]) > LEAST:
        widths[widths.index(max(widths[: len(MOST)]))] -= 1
    return widths


def _fitted(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        " " * (width - cell_len(text)) + text
        if title in _RIGHT
        else set_cell_size(text if cell_len(text) <= width else set_cell_size(text, width - 1) + "…", width)
        for title, text, width in zip(TITLES, row, widths, strict=True)
    ]
