"""A searched schedule shown in the terminal: actors as columns, steps as rows, the conflicting accesses marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from harness.views.text import short

WIDE = 34
"""Characters of a column."""


@dataclass(frozen=True)
class Row:
    """One step: its number from 1, its actor, what it does, where; `conflict` if another actor's step clashes with it.

    preempts: whether the actor before could have gone on.
    """

    number: int
    actor: str
    text: str
    place: str
    conflict: bool
    preempts: bool


def schedule(columns: Sequence[str], actors: Sequence[str], rows: Sequence[Row]) -> RenderableType:
    """The steps as a table; `*` marks accesses that conflict, `>` where the actor before could have gone on."""
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("", justify="right", style="dim")
    for column in columns:
        table.add_column(short(column, WIDE), max_width=WIDE)
    table.add_column("where", style="dim", no_wrap=True)
    for row in rows:
        mark = "*" if row.conflict else " "
        cells = [Text("") for _ in actors]
        cells[actors.index(row.actor)] = Text(f"{mark} {short(row.text, WIDE)}", "bold red" if row.conflict else "")
        table.add_row(f"{'>' if row.preempts else ' '}{row.number}", *cells, short(row.place, WIDE))
    return table
