"""Two texts beside each other, what differs marked: the learner's task and the solution's."""

import difflib

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from harness.views.text import visible

AROUND = 3
"""Equal lines shown before and after a difference."""
GAP = "⋮"


def side_by_side(left: str, right: str, titles: tuple[str, str]) -> RenderableType:
    """A table of the lines that differ and three lines around them, numbered; `-` and `+` mark what differs."""
    old, new = left.splitlines(), right.splitlines()
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(justify="right", style="bright_black", no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(justify="right", style="bright_black", no_wrap=True)
    table.add_column(ratio=1)
    table.add_row("", Text(titles[0], "bold"), "", Text(titles[1], "bold"))
    groups = list(difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND))
    for index, group in enumerate(groups):
        if index:
            table.add_row("", GAP, "", GAP)
        for kind, first, last, new_first, new_last in group:
            for offset in range(max(last - first, new_last - new_first)):
                one, other = first + offset, new_first + offset
                table.add_row(
                    *_cells(old, one, last, "" if kind == "equal" else "-", "red"),
                    *_cells(new, other, new_last, "" if kind == "equal" else "+", "green"),
                )
    return table if groups else Text("no difference")


def _cells(lines: list[str], index: int, end: int, mark: str, style: str) -> tuple[str, Text]:
    if index >= end:
        return "", Text("")
    return str(index + 1), Text(f"{mark or ' '} {visible(lines[index])}", style if mark else "")
