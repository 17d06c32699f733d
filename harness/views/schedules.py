"""A searched schedule shown in the terminal: engines or actors as columns, steps as rows, what conflicts marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from harness.views.text import short

WIDE = 34
"""Characters of a column."""
MOST = 60
"""Characters shown of a value that actors share."""


@dataclass(frozen=True)
class Row:
    """One step: its number from 1, its actor, on which engine, what it does, where.

    clashes: the numbers of other actors' steps that it conflicts with. preempts: whether the actor before could have
    gone on.
    """

    number: int
    actor: str
    engine: int
    text: str
    place: str
    clashes: tuple[int, ...]
    preempts: bool


@dataclass(frozen=True)
class Turn:
    """What an actor would do next, and the key that grants it; `blocked_by`: who keeps it from that, None if it can."""

    key: str
    actor: str
    engine: int
    text: str
    place: str
    blocked_by: str | None


def schedule(columns: Sequence[str], actors: Sequence[str], rows: Sequence[Row]) -> RenderableType:
    """The steps as a table; `*` marks accesses that conflict, `>` where the actor before could have gone on."""
    return _table(columns, [(actors.index(row.actor), row.text, row) for row in rows])


def by_engine(engines: Sequence[int], rows: Sequence[Row]) -> RenderableType:
    """The same with a column for each engine, whichever actors are on it."""
    titles = [f"engine {engine}" for engine in engines]
    return _table(titles, [(engines.index(row.engine), f"{row.actor} {row.text}", row) for row in rows])


def _table(titles: Sequence[str], cells: Sequence[tuple[int, str, Row]]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("", justify="right", style="dim")
    for title in titles:
        table.add_column(short(title, WIDE), max_width=WIDE)
    table.add_column("where", style="dim", no_wrap=True)
    for column, text, row in cells:
        texts = [Text("") for _ in titles]
        texts[column] = Text(f"{'*' if row.clashes else ' '} {short(text, WIDE)}", "bold red" if row.clashes else "")
        table.add_row(f"{'>' if row.preempts else ' '}{row.number}", *texts, short(row.place, WIDE))
    return table


def turns(found: Sequence[Turn], queued: int) -> RenderableType:
    """What each actor would do next, a line each; `queued` tasks have no engine yet."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for turn in found:
        free = turn.blocked_by is None
        told = (
            short(turn.text, WIDE)
            if free
            else f"{short(turn.text, WIDE)}: blocked by {short(turn.blocked_by or '', WIDE)}"
        )
        style = "" if free else "red"
        key = Text(turn.key if free else "-", "bold" if free else "red")
        table.add_row(
            key,
            f"{short(turn.actor, WIDE)} (engine {turn.engine})",
            Text(told, style),
            Text(short(turn.place, WIDE), "dim"),
        )
    more = [Text(f"{queued} more waiting for a free engine", "dim")] if queued else []
    return Group(table, *more)


def shared(values: Sequence[tuple[str, str]]) -> RenderableType:
    """Names and values of what actors share, a line each."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, value in values:
        table.add_row(Text(short(name, WIDE), "bold"), short(value, MOST))
    return table
