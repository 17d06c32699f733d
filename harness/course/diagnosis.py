"""The learner's answer, diagnosis.toml, and how it is graded against what a run really showed."""

import re
import time
from dataclasses import dataclass
from typing import Any

import msgspec

from harness.course.causes import causes
from harness.course.exercise import Exercise, read_toml
from harness.course.workspace import ProgressFile
from harness.store import OUTCOMES, Event, Run

STEP = "step"
"""The kind of event that a search keeps of each step."""


class Prediction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    outcome: str = ""


class EvidenceAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where it broke. A solution gives `marker`, part of the line's text, in place of what depends on the seed."""

    engine: int | str = ""
    task: int | str = ""
    line: str = ""
    event: str = ""
    marker: str = ""


class CauseAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"name": "class"}):
    name: str = ""


class Rejected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    hypothesis: str = ""
    because: str = ""


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """diagnosis.toml, the learner's or the solution's."""

    prediction: Prediction = Prediction()
    evidence: EvidenceAnswer = EvidenceAnswer()
    cause: CauseAnswer = CauseAnswer()
    rejected: Rejected = Rejected()


@dataclass(frozen=True)
class Remark:
    """What the grading says of one answer."""

    field: str
    right: bool
    text: str


@dataclass(frozen=True)
class Truth:
    """What one run showed: where it broke, and the events that settle it."""

    engine: int | None
    task: int | None
    line: int | None
    events: tuple[str, ...]


def note_prediction(exercise: Exercise) -> None:
    """Before the learner's first run of an exercise, keep what diagnosis.toml predicts by then."""
    progress = ProgressFile()
    entry = progress.read().get(exercise.name)
    if entry is None or entry.prediction is None:
        progress.update(exercise, prediction=read(exercise).prediction.outcome, begun=time.time())


def read(exercise: Exercise) -> Diagnosis:
    return read_toml(exercise.folder / "diagnosis.toml", Diagnosis)


def truths_of(run: Run, exercise: Exercise) -> list[Truth]:
    """What the diagnosis of this run has to name, read from its outcome and events; several where several would do.

    Engine and task are those of a failure, hang or death that a decisive event tells of, else of the first; where
    nothing failed, of a decisive event. A line outside of the target's file is replaced by the source's marked one.
    """
    outcome = run.outcome
    assert outcome is not None
    decisive = _decisive(run, exercise)
    found: list[Any] = [*outcome.failures, *outcome.hangs, *outcome.deaths]
    places = {(event.engine, event.task) for event in decisive}
    if exercise.metadata.decisive.kind == STEP:
        found = []  # what fails under an order of steps is settled by one of them, often in a task that did not fail
    settled: list[Any] = [one for one in found if (one.engine, one.task) in places] if found else decisive
    truths = []
    for one in settled or found[:1]:
        own = getattr(one, "file", None) == run.manifest.file
        events = [event.id for event in decisive if (event.engine, event.task) == (one.engine, one.task)]
        truths.append(
            Truth(
                engine=one.engine,
                task=one.task,
                line=one.line if own else _marked_line(run, exercise),
                events=tuple(events or [event.id for event in decisive]),
            )
        )
    return truths or [Truth(None, None, _marked_line(run, exercise), ())]


def _marked_line(run: Run, exercise: Exercise) -> int | None:
    """The line with the solution's marker in the source that ran; None if that source has been edited since."""
    marker = read_toml(exercise.solution / "diagnosis.toml", Diagnosis).evidence.marker
    for variant in ("original", "mine"):
        target = exercise.target(variant)
        if target.file.exists() and target.source_hash == run.manifest.source_hash:
            lines = target.file.read_text(encoding="utf-8").splitlines()
            return next((number for number, text in enumerate(lines, 1) if marker in text), None)
    return None


def _decisive(run: Run, exercise: Exercise) -> list[Event]:
    """The events that settle the diagnosis, as exercise.toml describes them; the client's with their task's engine."""
    wanted = exercise.metadata.decisive
    fitting = [
        event
        for event in run.of_kind(wanted.kind)
        if all(event.data.get(key) == value for key, value in wanted.data.items())
    ]
    if wanted.of == "difference":
        tasks = _tasks_of_difference(run)
        fitting = [event for event in fitting if event.task in tasks]
    elif wanted.of == "instance" and run.manifest.seed is not None:
        fitting = exercise.telling(fitting, run.manifest.seed)
    if wanted.take == "first of each engine":
        fitting = list({event.engine: event for event in reversed(fitting)}.values())[::-1]
    elif wanted.take != "all":
        fitting = fitting[:1] if wanted.take == "first" else fitting[-1:]
    if wanted.least and fitting:
        least = min(event.data[wanted.least] for event in fitting)
        fitting = [event for event in fitting if event.data[wanted.least] == least]
    ran_on = {event.task: event.engine for event in run.of_kind("begin")}
    return [
        msgspec.structs.replace(event, engine=ran_on.get(event.task)) if event.engine is None else event
        for event in fitting
    ]


def _tasks_of_difference(run: Run) -> set[int | None]:
    """The tasks whose label is one of the keys that lead to where the result differs."""
    difference = run.outcome.difference if run.outcome else None
    keys = set(re.findall(r"'([^']+)'", difference.where)) if difference else set()
    return {event.task for event in run.of_kind("begin") if event.data.get("label") in keys}


def grade(exercise: Exercise, answer: Diagnosis, key: Diagnosis, runs: list[Run]) -> list[Remark]:
    """Remarks on each part of the answer. The evidence is held against the run, of those given, that it fits best."""
    remarks = [_prediction(exercise, answer, runs[0])]
    each = [_evidence(answer.evidence, key.evidence, truth, run) for run in runs for truth in truths_of(run, exercise)]
    remarks += max(each, key=lambda found: sum(remark.right for remark in found))
    remarks.append(_cause(answer.cause.name, key.cause.name))
    remarks.append(_rejected(answer.rejected))
    return remarks


def _prediction(exercise: Exercise, answer: Diagnosis, run: Run) -> Remark:
    said = answer.prediction.outcome
    if said not in OUTCOMES:
        listed = ", ".join(OUTCOMES)
        return Remark("prediction.outcome", False, f"{said!r} is none of: {listed}. A wrong guess costs nothing")
    seen = run.outcome.outcome if run.outcome else "unknown"
    entry = ProgressFile().read().get(exercise.name)
    before = entry.prediction if entry else None
    when = "" if before in (None, said) else f" (before the first run: {before or 'nothing'})"
    return Remark("prediction.outcome", True, f"you predicted {said}{when}, the run was {seen}")


def _evidence(said: EvidenceAnswer, key: EvidenceAnswer, truth: Truth, run: Run) -> list[Remark]:
    if said.marker and said.marker == key.marker:
        return [Remark("evidence", True, "taken from the run, as the solution's marker says")]
    name = run.manifest.run.rpartition("-")[2]
    remarks = []
    for field, told, true in (("engine", said.engine, truth.engine), ("task", said.task, truth.task)):
        if true is None:
            continue
        right = str(told).strip() == str(true)
        text = (
            f"{field} {told}" if right else f"{told!r} is not the {field} that run {name} shows; `harness show {name}`"
        )
        remarks.append(Remark(f"evidence.{field}", right, text))
    if truth.line is not None:
        number = re.search(r"(\d+)\s*$", said.line)
        right = bool(number) and int(number[1]) == truth.line  # type: ignore[index]
        text = said.line if right else f"{said.line!r} is not the line, as task.py:NUMBER, where run {name} broke"
        remarks.append(Remark("evidence.line", right, text))
    right = said.event in truth.events
    text = said.event if right else f"{said.event!r} does not settle it; `harness show {name} --events` lists all"
    return [*remarks, Remark("evidence.event", right, text)]


def _cause(said: str, true: str) -> Remark:
    if said == true:
        return Remark("cause.class", True, said)
    if said not in causes():
        return Remark("cause.class", False, f"{said!r} is no class; `harness causes` lists them")
    return Remark("cause.class", False, f"{said} would show otherwise; compare: `harness causes {said}`")


def _rejected(said: Rejected) -> Remark:
    if len(said.hypothesis.split()) >= 3 and len(said.because.split()) >= 3:
        return Remark("rejected", True, said.hypothesis)
    return Remark("rejected", False, "name one other explanation, and what you saw that rules it out, in a few words")
