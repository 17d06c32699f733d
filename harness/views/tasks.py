"""The tasks of a run as a table: each attempt with its engine, its times, what it cost and how it was answered."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from harness.store import Run
from harness.store.attempts import Attempt, attempts
from harness.views.frames import check_task
from harness.views.text import WIDTH, short, size

MOST = 1000
_OTHERS = 68
"""Columns of the terminal that all but the task's name take."""
_NUMBERS = ("queued", "run", "cpu", "memory", "sent", "back")
_COLOURS = {"error": "red", "": "yellow"}


def tasks(run: Run, task: int | None = None, width: int = WIDTH) -> RenderableType:
    """One line an attempt, of one task or all; the first 1000. Raises BadInput for a task that is not in the record."""
    if task is not None:
        check_task(run, task)
    found = attempts(run, task)
    if not found:
        return Text("No task was sent in this run.")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for name in ("task", "engine", "pid"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("what", no_wrap=True)
    for name in _NUMBERS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("answer", no_wrap=True)
    for attempt in found[:MOST]:
        table.add_row(*_cells(attempt, max(8, min(40, width - _OTHERS))))
    left_out = [Text(f"{len(found) - MOST} more are not shown; --task N shows one")] if len(found) > MOST else []
    told = "queued: until an engine had it; run: in the function; cpu: of the process; seconds. memory: at the end, or"
    return Group(table, *left_out, Text(f"{told} ^ its highest ever. sent, back: bytes.", "dim"))


def _cells(attempt: Attempt, name: int) -> list[Text | str]:
    again = f".{attempt.number}" if attempt.number > 1 else ""
    queued = _between(attempt.submitted, attempt.received) if attempt.number == 1 else ""
    memory = f"^{size(attempt.peak)}" if attempt.peak else _size(attempt.memory)
    answer = attempt.status or ("not begun" if attempt.begun is None else "none")
    return [
        f"{attempt.task}{again}",
        "-" if attempt.engine is None else str(attempt.engine),
        "-" if attempt.pid is None else str(attempt.pid),
        short(f"{attempt.function} {attempt.label}".strip(), name),
        queued,
        _seconds(attempt.seconds.get("run")),
        _seconds(attempt.cpu),
        memory,
        _size(attempt.sent),
        _size(attempt.back),
        Text(answer, _COLOURS.get(attempt.status, "")),
    ]


def _between(first: float | None, second: float | None) -> str:
    return "" if first is None or second is None else _seconds(second - first)


def _seconds(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, (int, float)) else ""


def _size(value: object) -> str:
    return size(value) if isinstance(value, int) else ""
