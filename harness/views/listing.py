"""The list of runs: one line a run, newest first."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from harness.errors import BadInput
from harness.store import Run
from harness.views.text import duration, handle, short

CUT_OFF = "cut off"
UNREADABLE = "unreadable"
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
    unread = Entry(call=handle(run, root), run=run.name, folder=str(run.folder))
    try:
        manifest = run.manifest
    except BadInput:
        return unread
    return replace(
        unread,
        target=manifest.target,
        variant=manifest.variant,
        outcome=run.outcome.outcome if run.outcome and not run.cut_off else CUT_OFF,
        engines=manifest.engines,
        started=manifest.started,
        took=None if manifest.ended is None else manifest.ended - manifest.started,
    )


def listing(found: Sequence[Entry]) -> RenderableType:
    """The entries as a table that fits 80 columns; times are local."""
    if not found:
        return Text("No runs yet; `harness run 1` records one.")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title, most in (("run", 24), ("target", 24), ("variant", 16), ("outcome", 10)):
        table.add_column(title, max_width=most, no_wrap=True, overflow="ellipsis")
    table.add_column("eng", justify="right", no_wrap=True)
    table.add_column("when", no_wrap=True)
    table.add_column("took", justify="right", no_wrap=True)
    for entry in found:
        table.add_row(
            Text(short(entry.call, 24), "cyan"),
            Text(short(entry.target, 40)),
            Text(short(entry.variant, 40)),
            Text(short(entry.outcome, 20), _STYLES.get(entry.outcome, "red")),
            Text("" if entry.engines is None else str(entry.engines)),
            Text("" if entry.started is None else time.strftime("%m-%d %H:%M:%S", time.localtime(entry.started))),
            Text("" if entry.took is None else duration(entry.took)),
        )
    return table
