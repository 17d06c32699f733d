"""The timeline of a run as text: engines as rows, tasks as bars with their numbers, what waited and was used below."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from harness.store import Run
from harness.store.spans import DIED, FAILED, OPEN, PHASES, Mark, Span
from harness.views.text import WIDTH, counted, duration, short, size
from harness.views.timelines.colours import COMPANIES, colour_of
from harness.views.timelines.columns import Column, Scale, lane, most_waiting, used
from harness.views.timelines.model import OTHERS, Timeline, read

MOST_ENGINES = 64
MOST_AFTERWARDS = 5
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SIGNS = {FAILED: "!", OPEN: "~", DIED: "~"}
SEVERAL, DEATH, REPLACED = "#", "X", "R"
IN_PHASE = {"unpack": "<", "wait": ".", "import": "^", "pack": ">"}
OTHER_PHASE = "%"
LEVELS = " ▁▂▃▄▅▆▇█"
_STYLES = {DEATH: "bold white on red", REPLACED: "bold black on yellow"}
_STRIPES = {"!": "bold white on red", "~": "bold black on yellow"}
"""Of what did not end well: every second column of a bar, so that the others show its group's colour."""
_MEANINGS = {"!": "failed", "~": "not ended", SEVERAL: "several", DEATH: "engine died", REPLACED: "engine replaced"}
_FIGURE = 7
"""Columns right of the bars, for a figure of each row."""


def timeline(run: Run, width: int = WIDTH) -> RenderableType:
    """One row an engine, `width` columns at most; a bar runs from the task's arrival to its end."""
    found = read(run)
    if not found.spans:
        return Text("No task reached an engine.")
    shown = found.engines[:MOST_ENGINES]
    names = {engine: short(f"engine {engine}", 16) for engine in shown}
    margin = max(8, *(len(name) for name in names.values())) + 1
    scale = Scale(found, max(10, width - margin - 2 - _FIGURE))
    letters = letters_of(found.groups)
    text = Text(no_wrap=True, overflow="crop")
    seen: set[str] = set()
    spans: dict[int, list[Span]] = defaultdict(list)
    for span in found.spans:
        spans[span.engine].append(span)
    busy = found.busy
    for engine in shown:
        marks = [mark for mark in found.marks if mark.engine == engine]
        cells = _cells(lane(spans[engine], scale), marks, scale, letters)
        seen.update(char for char, _ in cells)
        _numbered(cells, spans[engine], scale)
        _row(text, names[engine], margin, cells, f"{busy[engine]:.0%}")
    if left_out := len(found.engines) - len(shown):
        text.append(f"{counted(left_out, 'engine')} more\n", "dim")
    _below(text, found, scale, margin)
    _axis(text, found, scale, margin)
    for mark in [mark for mark in found.marks if mark.time > found.end][:MOST_AFTERWARDS]:
        who = "" if mark.engine is None else f", {short(f'engine {mark.engine}', 16)}"
        text.append(f"afterwards{who}: {mark.text}, {duration(mark.time - found.origin)} after the start\n", "dim")
    for line in found.waits:
        text.append(f"waits: {line}\n")
    text.append("\n".join(_wrapped(_legend(letters, seen, found), max(20, width))), "dim")
    return text


def letters_of(groups: Sequence[str]) -> dict[str, str]:
    """A letter for each group: one of its own name if it is free, else the next free one; `*` for what is left."""
    found: dict[str, str] = {}
    for group in sorted(groups, key=lambda group: group not in COMPANIES):
        free = [char for char in [*group.lower(), *LETTERS] if char in LETTERS and char not in found.values()]
        found[group] = "*" if group == OTHERS or not free else free[0]
    return {group: found[group] for group in groups}


def _cells(
    columns: list[Column | None], marks: Iterable[Mark], scale: Scale, letters: dict[str, str]
) -> list[tuple[str, str]]:
    """A character and its style for each column of an engine."""
    cells = [(" ", "") if column is None else _cell(column, at % 2, letters) for at, column in enumerate(columns)]
    for mark in marks:
        char = {"death": DEATH, "engine-replaced": REPLACED}.get(mark.kind)
        if char and mark.time <= scale.end and cells[scale.column(mark.time)][0] != DEATH:
            cells[scale.column(mark.time)] = (char, _STYLES[char])
    return cells


def _cell(column: Column, odd: int, letters: dict[str, str]) -> tuple[str, str]:
    group = column.group
    style = "reverse" if group is None else f"black on {colour_of(group, list(letters))}"
    for status in (FAILED, DIED, OPEN):
        if status in column.statuses:
            return SIGNS[status], style if odd else _STRIPES[SIGNS[status]]
    if group is None:
        return SEVERAL, style
    if column.phase in ("", "run"):
        return letters[group], style
    return IN_PHASE.get(column.phase, OTHER_PHASE), style


def _numbered(cells: list[tuple[str, str]], spans: Iterable[Span], scale: Scale) -> None:
    """Put a task's number in its bar, where it fits and nothing else is there."""
    owners = [0] * scale.columns
    if not isinstance(spans, list) or len(spans) > 10 * scale.columns:
        return  # no bar is wide enough
    for span in spans:
        for column, _ in scale.parts(span.start, span.end):
            owners[column] += 1
    for span in spans:
        alone = [column for column, _ in scale.parts(span.start, span.end) if owners[column] == 1]
        number = str(span.task)
        if len(alone) > len(number) and not {DEATH, REPLACED} & {cells[at][0] for at in alone[: len(number)]}:
            for at, digit in zip(alone, number, strict=False):
                cells[at] = (digit, f"bold {cells[at][1]}")


def _row(text: Text, name: str, margin: int, cells: Iterable[tuple[str, str]], figure: str) -> None:
    text.append(f"{name:<{margin}}|")
    for char, style in cells:
        text.append(char, style)
    text.append(f"|{figure:>{_FIGURE - 1}}\n")


def _below(text: Text, found: Timeline, scale: Scale, margin: int) -> None:
    """The rows of what waited and what was used, each with the figure that its highest level stands for."""
    waiting = most_waiting(found, scale)
    if most := max(waiting):
        _row(text, "queued", margin, _levels(waiting, most), str(most) if most < 10**6 else f"{most:.0e}")
    if not found.uses:
        return
    cores = used(found.uses, lambda use: use.all_cores, scale)
    machine = used(found.uses, lambda use: use.machine, scale)
    memory = used(found.uses, lambda use: float(use.all_memory), scale)
    highest = max(use.all_memory for use in found.uses)
    _row(text, "cores", margin, _levels(cores, found.cores), f"{found.cores}")
    _row(text, "machine", margin, _levels(machine, found.cores), f"{found.cores}")
    _row(text, "memory", margin, _levels(memory, highest), short(size(highest), _FIGURE - 1))


def _levels(values: Sequence[float | None], highest: float) -> list[tuple[str, str]]:
    found = []
    for value in values:
        share = min(1.0, value / highest) if value and highest > 0 else 0.0
        found.append((LEVELS[0] if share <= 0 else LEVELS[max(1, round(share * (len(LEVELS) - 1)))], "cyan"))
    return found


def _axis(text: Text, found: Timeline, scale: Scale, margin: int) -> None:
    stops = [mark for mark in found.marks if mark.kind in ("deadline", "endless")]
    if stops:
        at, name = margin + 1 + scale.column(stops[-1].time), stops[-1].text
        fits = at + 2 + len(name) <= margin + scale.columns + 2 + _FIGURE
        text.append(" " * at + f"^ {name}\n" if fits else " " * max(0, at - len(name) - 1) + f"{name} ^\n", "red")
    left = f"{duration(max(0.0, found.start - found.origin))} after the start"
    right = duration(found.end - found.origin)
    text.append(f"{' ' * margin} {left}{right:>{max(1, scale.columns - len(left))}}\n", "dim")


def _legend(letters: dict[str, str], seen: set[str], found: Timeline) -> list[str]:
    signs = [f"{letter} {group or '(not begun)'}" for group, letter in letters.items() if letter in seen]
    signs += [f"{char} {PHASES[phase]}" for phase, char in IN_PHASE.items() if char in seen]
    signs += [f"{char} {meaning}" for char, meaning in _MEANINGS.items() if char in seen]
    rows = ["cores: of engines and client", "machine: of all that runs here"] if found.uses else []
    if files := found.files:
        rows.append(f"opened to read: {counted(files.opened, 'file')}, {size(files.size)}")
        rows += [f"{files.again} of them again"] if files.again else []
    return [*signs, "%: time with a task", *rows]


def _wrapped(items: Iterable[str], width: int) -> list[str]:
    """The items, two spaces apart, in lines of `width` columns at most."""
    lines: list[str] = []
    for item in items:
        if lines and cell_len(lines[-1]) + 3 + cell_len(item) <= width:
            lines[-1] += f"   {item}"
        else:
            lines.append(item)
    return lines
