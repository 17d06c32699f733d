"""A run whose client's process ended before it was judged: what its record still tells."""

from typing import Any

import msgspec

from harness.cluster import Death as Ended
from harness.store import Failure, Hang, Run, RunWriter
from harness.triage import deaths, memory
from harness.triage.judge import Evidence, judge
from harness.triage.native import own_frames


def without_client(run: Run, how: str) -> Run:
    """Judge the run and write its outcome. how: how the client's process ended, such as `SIGSEGV`.

    It is a hang if the watchdog ended the process, as its code let no thread of the harness run at the deadline.
    """
    stack = run.native_stack(None)
    at = next(own_frames(stack), {})
    place: dict[str, Any] = {
        "file": at.get("file"),
        "line": int(at["line"]) if at else None,
        "function": at.get("function"),
    }
    by_watchdog = stack.startswith("Timeout (")
    evidence = Evidence(
        run=run,
        passed_deadline=by_watchdog,
        hangs=[Hang(**place, how_ended="its process was ended: it let no other thread run")] if by_watchdog else [],
        deaths=deaths.described(run, _noted(run), memory.MemoryWatch()),
        client_lost=f"{how}, in {place['function']} line {place['line']}" if at else how,
    )
    outcome = judge(evidence)
    if at and outcome.outcome == "crash" and not outcome.deaths:
        lost = Failure(type=how, message="the client's process ended", **place)
        outcome = msgspec.structs.replace(outcome, failures=[lost, *outcome.failures])
    RunWriter(run.folder, run.manifest).finish(outcome)
    return Run(run.folder)


def _noted(run: Run) -> list[Ended]:
    """The deaths of engines that the run's events tell of."""
    names = ("engine", "pid", "exit_code", "signal", "signal_name")
    return [Ended(**{name: event.data[name] for name in names}, time=event.time) for event in run.of_kind("death")]
