"""A run as titled pieces of plain text, for the report of a test that rests on it."""

from pathlib import Path

from harness.store import Run
from harness.views import logs
from harness.views.failures import failures_of
from harness.views.frames import traceback
from harness.views.text import plain
from harness.views.verdict import verdict

LOG_LINES = 20


def sections(run: Run, root: Path) -> list[tuple[str, str]]:
    """(title, text) pairs: the verdict; the log lines of the task in question, or the last ones; the tracebacks."""
    found = [("harness: verdict", plain(verdict(run, root)))]
    wanted = _in_question(run)
    lines = [logs.shown(record) for record in logs.last(logs.by_time(run, wanted), LOG_LINES)]
    if lines:
        of = f"task {wanted.task}" if wanted.task is not None else "all engines"
        found.append((f"harness: log of {of}, last {LOG_LINES} records at most", "\n".join(lines) + "\n"))
    if failures_of(run):
        found.append(("harness: traceback with values", plain(traceback(run, root))))
    return found


def _in_question(run: Run) -> logs.Wanted:
    outcome = run.outcome
    tasks = [one.task for one in failures_of(run)]
    if outcome is not None:
        tasks += [one.task for one in (*outcome.deaths, *outcome.hangs)]
    task = next((task for task in tasks if task is not None), None)
    return logs.Wanted(task=task, severity=0 if task is not None else 10)
