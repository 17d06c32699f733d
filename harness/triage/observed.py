"""Signs that events alone tell: output cut, lines logged twice, clocks that disagree, engines that fell silent."""

from harness.store import Run

TOLERANCE = 0.05
"""Seconds by which two clocks may disagree: what reading them one after the other, and slewing, can make of them."""


def signs_of(run: Run) -> list[str]:
    """Those of `output-truncated`, `duplicate-log-lines`, `clock-skew`, `silent-engine` that the events tell."""
    signs = [kind for kind in ("output-truncated", "duplicate-log-lines") if run.of_kind(kind)]
    if clock_skews(run):
        signs.append("clock-skew")
    if silent_engines(run):
        signs.append("silent-engine")
    return signs


def clock_skews(run: Run) -> dict[int, float]:
    """Seconds by which an engine's log is ahead of the client's clock, at least; of engines that may be right, none.

    A task can't be received before it was submitted, nor its answer come before it ended: where the times say so, one
    of the clocks is wrong. Lower bounds, as what a message takes on its way is not known.
    """
    submitted = {event.task: event.time for event in run.of_kind("submitted")}
    replied = {event.task: event.time for event in run.of_kind("reply")}
    ahead: dict[int, float] = {}
    skews: dict[int, float] = {}
    for event in run.of_kind("engine-ready", "received", "end"):
        if event.engine is None:
            continue
        if event.kind == "engine-ready":
            ahead[event.engine] = float(event.data.get("log_ahead") or 0.0)
            continue
        logged = event.time + ahead.get(event.engine, 0.0)
        skew = 0.0
        if event.kind == "received" and event.task in submitted:
            skew = min(0.0, logged - submitted[event.task])
        elif event.kind == "end" and event.task in replied:
            skew = max(0.0, logged - replied[event.task])
        if abs(skew) > max(TOLERANCE, abs(skews.get(event.engine, 0.0))):
            skews[event.engine] = skew
    return skews


def silent_engines(run: Run) -> set[int]:
    """Engines that stopped answering while their process was there: stopped by a signal, or dumb at the run's end."""
    gone = {event.data.get("engine") for event in run.of_kind("death")}
    stopped = {event.data.get("engine") for event in run.of_kind("stack") if event.data.get("state") == "T"}
    dumb = {event.data.get("engine") for event in run.of_kind("not-restored") if event.data.get("answered") is False}
    return {engine for engine in stopped | dumb - gone if isinstance(engine, int)}
