"""A run as titled pieces of plain text, for the report of a test that rests on it."""

from pathlib import Path

from harness.store import Run
from harness.views import logs
from harness.views.failures import failures_of, in_question
from harness.views.frames import traceback
from harness.views.text import plain
from harness.views.verdict import verdict

LOG_LINES = 20


def sections(run: Run, root: Path) -> list[tuple[str, str]]:
    """(title, text) pairs: the verdict; the log lines of the task in question, or the last ones; the tracebacks."""
    found = [("harness: verdict", plain(verdict(run, root)))]
    _, task = in_question(run)
    wanted = logs.Wanted(task=task)
    lines = [logs.shown(record) for record in logs.last(logs.by_time(run, wanted), LOG_LINES)]
    if lines:
        of = f"task {task}" if task is not None else "all engines"
        found.append((f"harness: log of {of}, last {LOG_LINES} records at most", "\n".join(lines) + "\n"))
    if failures_of(run):
        found.append(("harness: traceback with values", plain(traceback(run, root))))
    return found
