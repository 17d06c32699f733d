"""Figures of benchmarks kept as JSON, and the page PERFORMANCE.md that is made of them and of nothing else."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.store import replace_file

FOLDER, PAGE = "benchmarks", "PERFORMANCE.md"
ORDER = tuple(
    "tour peers start verdict feedback overhead logs scale speedup explore ladder replay triage chaos".split()  # noqa: SIM905
)
SPREAD = {"median", "least", "most"}
HEAD = """\
# Performance

What was measured, on which machine, beside what, and whether what is needed held. `harness bench` writes this page
from `benchmarks/*.json`, which it writes too; nobody edits either. `harness bench NAME` measures one again and keeps
the others. Where three figures stand together they are the median, and in brackets the least and the most.
"""


def is_clone(workspace: Path) -> bool:
    """Whether the folder is a clone of the project, whose page this is, and not a project of the user's own."""
    return (workspace / "exercises").is_dir() and (workspace / "solutions").is_dir()


def keep(workspace: Path, name: str, question: str, machine: Mapping[str, Any], figures: Mapping[str, Any]) -> None:
    """Keep the figures of one benchmark in place of its last ones, and write the page anew."""
    folder = workspace / FOLDER
    folder.mkdir(exist_ok=True)
    content = {"question": question, "machine": machine, "figures": figures}
    replace_file(folder / f"{name}.json", (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())
    write(workspace)


def write(workspace: Path) -> None:
    """Write the page anew."""
    replace_file(workspace / PAGE, page(workspace / FOLDER).encode())


def page(folder: Path) -> str:
    """The page that the JSON files of a folder make."""
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    names = sorted(found, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    if not names:
        return f"{HEAD}\nNothing has been measured yet.\n"
    return "\n".join([HEAD, *(_section(name, found[name]) for name in names)])


def _section(name: str, kept: Mapping[str, Any]) -> str:
    figures = dict(kept["figures"])
    held = figures.pop("holds", None)
    lines = [f"## {name}", "", kept["question"], ""]
    lines += [*_tables(figures), _on(kept["machine"])]
    if held is not None:
        lines += ["", "**What is needed held.**" if held else "**What is needed did not hold.**"]
    return "\n".join([*lines, ""])


def _on(machine: Mapping[str, Any]) -> str:
    packages = ", ".join(f"{package} {version}" for package, version in machine["packages"].items())
    return (
        f"*Measured {machine['date']}: {machine['cores']} cores of {machine['processor']}, "
        f"{machine['memory, GB']} GB, {machine['system']}, load at the start {machine['load at start']}; "
        f"Python {machine['Python']}, {packages}.*"
    )


def _tables(figures: Mapping[str, Any]) -> list[str]:
    """The figures: what is one value in a first table, and a table for each group of them."""
    single = {name: value for name, value in figures.items() if not isinstance(value, Mapping) or is_one(value)}
    lines = _table(("", "figure"), [(name, cell(value)) for name, value in single.items()])
    for name, group in figures.items():
        if name not in single:
            lines += [f"**{name}**", "", *_group(group)]
    return lines


def _group(group: Mapping[str, Any]) -> list[str]:
    """One table, a row for each inner group; what is no group stands before it, or in its row if it is a text."""
    inner = {name: value for name, value in group.items() if isinstance(value, Mapping) and not is_spread(value)}
    texts = {name: value for name, value in group.items() if inner and isinstance(value, str)}
    alone = [(name, cell(value)) for name, value in group.items() if name not in inner and name not in texts]
    columns = list(dict.fromkeys(column for value in inner.values() for column in value))
    rows = []
    for name, value in group.items():
        if name in inner or name in texts:
            told = value if name in inner else {columns[0]: value}
            rows.append((name, *(cell(told.get(column, "")) for column in columns)))
    return [*_table(("", "figure"), alone), *_table(("", *columns), rows)]


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    rule = ["---", *["---:"] * (len(head) - 1)]
    return [_row(head), f"|{'|'.join(rule)}|", *map(_row, rows), ""]


def _row(cells: tuple[str, ...]) -> str:
    escaped = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def is_one(group: Mapping[str, Any]) -> bool:
    """Whether this takes one cell: three figures of one thing, or nothing."""
    return not group or is_spread(group)


def is_spread(value: object) -> bool:
    """Whether these are the median, the least and the most of something."""
    return isinstance(value, Mapping) and set(value) == SPREAD


def cell(value: object) -> str:
    """A figure as text of one line."""
    if isinstance(value, Mapping):
        if is_spread(value):
            return f"{cell(value['median'])} ({cell(value['least'])} to {cell(value['most'])})"
        return "; ".join(f"{name} {cell(each)}" for name, each in value.items()) or "none"
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(map(cell, value)) or "none"
    return str(value)
