"""What the tabs of `harness watch` show of a run, as renderables."""

from pathlib import Path

from rich.console import RenderableType
from rich.text import Text

from harness import places, store, views
from harness.course import Exercise
from harness.store import Run
from harness.views import logs as engine_logs

RECORDS = 300
"""Log records shown of each engine, the last ones."""
OUTPUT = 100_000
"""Bytes shown of what a check printed, the last ones."""


def latest_run(exercise: Exercise) -> Run | None:
    """The learner's newest run of an exercise."""
    runs = store.all_runs(places.runs())
    return next((run for run in runs if run.readable and run.manifest.target == exercise.name), None)


def traceback(run: Run, root: Path) -> RenderableType:
    """The run's tracebacks and, if it hung, its stacks."""
    if run.outcome is not None and run.outcome.hangs:
        return views.stacks(run, root)
    return views.traceback(run, root)


def logs(run: Run) -> list[RenderableType]:
    """One text for each engine: its last records, without what all of them share."""
    return [_log(run, engine) for engine in run.engines] or [Text("no engine took part")]


def _log(run: Run, engine: int) -> RenderableType:
    records = engine_logs.last(engine_logs.one_by_one(run, engine_logs.Wanted(engine=engine)), RECORDS)
    text = Text(f"engine {engine}\n", "bold")
    for record in records:
        line = engine_logs.shown(record)
        time, _, rest = line.partition(" | ")
        style = "red" if record.level in ("ERROR", "CRITICAL") else "yellow" if record.level == "WARNING" else ""
        text.append(f"{time[11:23]} ", "dim")
        text.append(rest.partition(" | ")[2] + "\n", style)
    return text


def output(file: Path) -> RenderableType:
    """The end of what a check printed, harmless for the terminal."""
    try:
        content = file.read_bytes()[-OUTPUT:].decode("utf-8", "backslashreplace")
    except OSError as problem:
        return Text(f"{file}: {problem.strerror}")
    return Text("\n".join(views.visible(line) for line in content.splitlines()))
