"""The timeline of a run as text: engines as rows, tasks as bars with their numbers, deaths and the deadline marked."""

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from harness.store import Run
from harness.views.text import WIDTH, duration

MOST_ENGINES = 64
OK, FAILED, OPEN, SEVERAL, DEATH = "=", "!", "~", "#", "X"
_STOPS = {"deadline": "deadline", "endless": "proven to wait for ever"}
_STYLES = {OK: "green", FAILED: "bold red", OPEN: "yellow", SEVERAL: "green", DEATH: "bold white on red"}


def timeline(run: Run, width: int = WIDTH) -> RenderableType:
    """One row an engine; a bar runs from the task's arrival to its end. One column is the span's length / columns."""
    bars = _bars(run)
    if not bars:
        return Text("No task reached an engine.")
    marks = [(event.time, event.data.get("engine")) for event in run.of_kind("death")]
    stops = run.of_kind("deadline", "endless")
    deadline = [event.time for event in stops]
    start = min(bar.start for bar in bars)
    end = max([bar.end for bar in bars] + [time for time, _ in marks] + deadline)
    names = {engine: f"engine {engine}" for engine in run.engines[:MOST_ENGINES]}
    margin = max(len(name) for name in names.values()) + 1
    columns = max(10, width - margin - 2)
    span = max(end - start, 1e-6)

    def column(time: float) -> int:
        return min(columns - 1, max(0, int((time - start) / span * columns)))

    text = Text(no_wrap=True)
    for engine, name in names.items():
        row = _row([bar for bar in bars if bar.engine == engine], column, columns)
        for time, died in marks:
            if died == engine:
                row[column(time)] = DEATH
        text.append(f"{name:<{margin}}|")
        for char in row:
            text.append(char, _STYLES.get(char, "reverse" if char.isdigit() else ""))
        text.append("|\n")
    if deadline:
        text.append(" " * (margin + 1 + column(deadline[-1])) + f"^ {_STOPS[stops[-1].kind]}\n", "red")
    left = f"{duration(start - run.manifest.started)} after the start"
    right = duration(end - run.manifest.started)
    text.append(f"{' ' * margin} {left}{right:>{max(1, columns - len(left))}}\n", "dim")
    text.append(f"{OK} ok   {FAILED} failed   {OPEN} not ended   {SEVERAL} several tasks   {DEATH} engine died", "dim")
    if len(run.engines) > MOST_ENGINES:
        text.append(f"\n{len(run.engines) - MOST_ENGINES} engines more", "dim")
    return text


@dataclass(frozen=True)
class Bar:
    """A task's time on an engine, seconds since the epoch; `mark` says how it went."""

    engine: int
    task: int
    start: float
    end: float
    mark: str


def _bars(run: Run) -> list[Bar]:
    """The bars by arrival; a task whose end is not recorded lasts to its engine's death, or to the last event."""
    last = max((event.time for event in run.events), default=0.0)
    under_way: dict[int, tuple[int, float]] = {}
    found: list[Bar] = []

    def close(engine: int | None, end: float, mark: str) -> None:
        if engine in under_way:
            task, start = under_way.pop(engine)
            found.append(Bar(engine, task, start, end, mark))

    for event in run.events:
        if event.kind == "received" and event.engine is not None and event.task is not None:
            close(event.engine, event.time, OPEN)
            under_way[event.engine] = (event.task, event.time)
        elif event.kind == "end":
            close(event.engine, event.time, OK if event.data.get("status") == "ok" else FAILED)
        elif event.kind == "death":
            close(event.data.get("engine"), event.time, OPEN)
    for engine in list(under_way):
        close(engine, last, OPEN)
    return sorted(found, key=lambda bar: bar.start)


def _row(bars: list[Bar], column: Callable[[float], int], columns: int) -> list[str]:
    """One engine's row of characters; a task's number stands in its bar where it fits and nothing else is there."""
    owners: list[set[int]] = [set() for _ in range(columns)]
    row = [" "] * columns
    for index, bar in enumerate(bars):
        for at in range(column(bar.start), column(bar.end) + 1):
            owners[at].add(index)
            row[at] = bar.mark if len(owners[at]) == 1 or FAILED in (bar.mark, row[at]) else SEVERAL
    for index, bar in enumerate(bars):
        alone = [at for at in range(column(bar.start), column(bar.end) + 1) if owners[at] == {index}]
        number = str(bar.task)
        if len(alone) > len(number):
            row[alone[0] : alone[0] + len(number)] = number
    return row
