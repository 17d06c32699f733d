"""Evidence in, outcome out: the one place that decides what a run's outcome is."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import ipyparallel as ipp

from harness.engine.capture import blame
from harness.engine.frames import describe_exception
from harness.engine.values import message_of, short
from harness.store import Death, Difference, Event, Failure, Hang, Limit, Outcome, Over, Run, over, said
from harness.triage.counters import Tally
from harness.triage.failed import Failures
from harness.triage.observed import Observed

OVERSUBSCRIBED = 1.5
"""Threads that engines have for each core, from which the sign is given; one for each is as it should be."""
MAIN = "main"
"""Names the traceback of what escaped `main`, in the client."""


Comparison = Callable[[], Difference | None]
"""Finds where the result differs from its reference; raises what the reference or the comparing raises."""


@dataclass(frozen=True)
class Evidence:
    """What is known when a run is over, besides its events.

    returned: what `main` gave back, if it did; raised: what escaped it. fetched: numbers of the tasks whose answers
    the client asked for; left_out: of those whose failure, if they failed, the answer that many tasks shared did not
    tell (see `recorder.answers`). outstanding: tasks never answered. left: per engine, what the run left changed.
    endless: whether the hangs were proven to be without end, before a deadline passed. never_begun: numbers of tasks
    that no engine could have taken. stopped_parts: processes of the cluster, engines apart, that a signal had stopped
    when the deadline passed, and what each is. client_lost: how the client's process ended, if it did so by itself.
    """

    run: Run
    returned: Any = None
    raised: BaseException | None = None
    passed_deadline: bool = False
    endless: bool = False
    never_begun: frozenset[int] = frozenset()
    stopped_parts: Mapping[int, str] = field(default_factory=dict)
    client_lost: str = ""
    hangs: list[Hang] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    fetched: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()
    outstanding: tuple[int, ...] = ()
    left: dict[int, list[str]] = field(default_factory=dict)
    replaced: frozenset[int] = frozenset()
    difference: Comparison | None = None
    limits: Mapping[str, Limit] = field(default_factory=dict)

    @property
    def told(self) -> frozenset[int]:
        """Numbers of the tasks whose failure the client would have heard of."""
        return self.fetched - self.left_out


def judge(evidence: Evidence, beside: Callable[[Iterator[Event]], object] = lambda events: None) -> Outcome:
    """The outcome by the order of evidence: crash, hang, exception, wrong, slow, ok; unknown where nothing decides.

    beside: given the run's events by time, for what else is to be made of them while they are read.
    """
    run = evidence.run
    failed, seen, tally = Failures(evidence.passed_deadline), Observed(), Tally(run.manifest.engines)

    def taken() -> Iterator[Event]:
        for event in run.stream():
            failed.take(event)
            seen.take(event)
            tally.take(event)
            yield event

    events = taken()
    beside(events)
    deque(events, 0)  # what was not read beside
    failures, counted = failed.final(), tally.counters()
    outcome, reason, difference = _decide(evidence, failures)
    beyond = over(counted, evidence.limits)
    if outcome == "ok" and beyond:
        outcome, reason = "slow", _slow_reason(beyond, reason)
    if outcome == "exception" and (own := _mains_own(evidence, failures)):
        failures = [*failures, _client_failure(own)]
    return Outcome(
        outcome=outcome,
        reason=reason,
        signs=_signs(evidence, failures, seen) + (["oversubscribed"] if _is_oversubscribed(counted) else []),
        failures=failures,
        deaths=evidence.deaths,
        hangs=evidence.hangs,
        difference=difference,
        counters=counted,
        over=beyond,
        result=None if evidence.raised is not None else short(evidence.returned),
    )


def _decide(evidence: Evidence, failures: list[Failure]) -> tuple[str, str, Difference | None]:
    owned = [death for death in evidence.deaths if death.task is not None] or evidence.deaths
    if owned:
        death = owned[0]
        how = death.signal_name or (f"exit code {death.exit_code}" if death.exit_code is not None else "unknown cause")
        at = f" while it had task {death.task} {death.label}".rstrip() if death.task is not None else ""
        of = ", out of memory" if death.out_of_memory else ""
        return "crash", f"engine {death.engine} ended ({how}{of}){at}", None
    if evidence.passed_deadline:
        return "hang", _hang_reason(evidence), None
    if evidence.client_lost:
        return "crash", f"the client's process ended before main returned: {evidence.client_lost}", None
    unfetched = [one for one in failures if one.task is not None and one.task not in evidence.told]
    if evidence.raised is not None:
        if failures:
            count = f"{len(failures)} tasks failed; the first" if len(failures) > 1 else "one task failed"
            own = _mains_own(evidence, failures)
            more = f"; main itself raised {type(own).__name__}: {message_of(own)}" if own else ""
            return "exception", f"{count}: {failures[0].type}: {failures[0].message}{more}", None
        raised = f"main raised {type(evidence.raised).__name__}: {message_of(evidence.raised)}"
        return "exception", raised + _still_out(evidence.outstanding), None
    if unfetched:
        return "exception", _unfetched_reason(evidence, unfetched[0].task), None
    if evidence.outstanding:
        return "unknown", f"tasks {list(evidence.outstanding)} were never answered, and no deadline was set", None
    if evidence.difference is None:
        return "ok", "main returned; there is no reference to compare its result with", None
    try:
        difference = evidence.difference()
    except Exception as problem:
        what = "the reference, or the comparison with it, raised"
        return "unknown", f"{what} {type(problem).__name__}: {message_of(problem)}", None
    if difference:
        return "wrong", f"{difference.where} is {difference.got}, the reference says {difference.expected}", difference
    return "ok", "main returned what the reference says", None


def _still_out(tasks: tuple[int, ...]) -> str:
    if not tasks:
        return ""
    which = f"task {tasks[0]} was" if len(tasks) == 1 else f"{len(tasks)} tasks, task {tasks[0]} the first, were"
    return f"; {which} still out"


def _slow_reason(beyond: list[Over], reason: str) -> str:
    return f"{reason}, but " + "; ".join(said(one) for one in beyond)


def _unfetched_reason(evidence: Evidence, task: int | None) -> str:
    if task in evidence.left_out:
        return f"task {task} failed, and the coalesced reply of its broadcast leaves that out"
    return f"task {task} failed and nobody asked for its answer"


def _mains_own(evidence: Evidence, failures: list[Failure]) -> BaseException | None:
    """What escaped `main`, unless it is only how ipyparallel reports the failures of tasks."""
    reported = bool(failures) and isinstance(evidence.raised, ipp.error.RemoteError)
    return None if reported else evidence.raised


def _hang_reason(evidence: Evidence) -> str:
    if evidence.endless:
        return _endless_reason(evidence.hangs)
    if evidence.stopped_parts and all(hang.engine is None for hang in evidence.hangs):
        pid, part = next(iter(evidence.stopped_parts.items()))
        return f"the deadline passed; the cluster's {part}, process {pid}, had been stopped by a signal"
    if not evidence.hangs:
        waiting = ", ".join(str(number) for number in evidence.outstanding) or "none"
        return f"the deadline passed; no engine was at a task; unanswered tasks: {waiting}"
    hang = evidence.hangs[0]
    who = "the client" if hang.engine is None else f"engine {hang.engine} was at task {hang.task} {hang.label}".rstrip()
    where = f", in {hang.function} line {hang.line}" if hang.function else ""
    return f"the deadline passed; {who}{where}"


def _endless_reason(hangs: list[Hang]) -> str:
    first = hangs[0]
    task = f"task {first.task} {first.label}".rstrip()
    at = f"{task} on engine {first.engine}" if first.engine is not None else task
    more = f"; {len(hangs) - 1} more with it" if len(hangs) > 1 else ""
    return f"{at} can never end: {first.why}{more}"


def _client_failure(error: BaseException) -> Failure:
    described = describe_exception(error)
    at = blame(described["frames"]) or {}
    return Failure(
        type=described["type"],
        message=described["message"],
        file=at.get("file"),
        line=at.get("line"),
        function=at.get("function"),
        traceback=MAIN,
    )


def _signs(evidence: Evidence, failures: list[Failure], seen: Observed) -> list[str]:
    signs = []
    failed = {one.task for one in failures if one.task is not None}
    if evidence.raised is None and failed & evidence.told:
        signs.append("handled-failure")
    if failed - evidence.told and not evidence.passed_deadline:
        signs.append("unfetched-failure")
    if seen.reply_lost:
        signs.append("reply-lost")
    if evidence.deaths:
        signs.append("engine-lost")
    if evidence.replaced:
        signs.append("engine-replaced")
    if evidence.never_begun:
        signs.append("queued-forever")
    if seen.retried:
        signs.append("retried")
    if any(kind in change for changes in evidence.left.values() for change in changes for kind in _STATE):
        signs.append("leaked-state")
    for what, sign in (("threads", "leaked-thread"), ("processes", "leaked-process")):
        if any(change.startswith(what) for changes in evidence.left.values() for change in changes):
            signs.append(sign)
    if "leaked-process" not in signs and seen.orphans:
        signs.append("leaked-process")
    if seen.begun and len(seen.begun) < evidence.run.manifest.engines <= seen.received:
        signs.append("idle-engine")
    return signs + seen.signs()


def _is_oversubscribed(counted: Mapping[str, float]) -> bool:
    return counted.get("threads_per_core", 0.0) >= OVERSUBSCRIBED


_STATE = (
    "cwd",
    "sys.path",
    "environ",
    "limit",
    "signal",
    "builtins",
    "module",
    "logger",
    "loguru",
    "namespace",
    "sys.",
)
