"""A diagnosis is held against what the learner's own failing run shows, wrong answers included."""

import pytest

from harness import course, places
from harness.course import diagnosis
from harness.course.diagnosis import CauseAnswer, Diagnosis, EvidenceAnswer, Prediction, Rejected
from harness.course.exercise import read_toml
from harness.triage import execute

SEED = 77


@pytest.fixture
def failing_run(cluster):
    def run(exercise):
        tables = exercise.tables(SEED)
        return execute(
            exercise.target("original"),
            cluster,
            places.runs(),
            arguments=(tables,),
            reference=lambda: exercise.reference(tables),
            deadline=exercise.metadata.deadline,
            seed=SEED,
        )

    return run


@pytest.mark.parametrize("number", ["1", "18", "35", "43"])
def test_what_the_run_shows_is_right_and_its_neighbours_are_not(failing_run, number):
    exercise = course.load(number, places.CLONE)
    run = failing_run(exercise)
    key = read_toml(exercise.solution / "diagnosis.toml", Diagnosis)
    truth = diagnosis.truths_of(run, exercise)[0]
    assert None not in (truth.engine, truth.task, truth.line)
    source = exercise.target("original").file.read_text().splitlines()
    assert key.evidence.marker in source[truth.line - 1]

    def grades(**changes):
        given = {"engine": truth.engine, "task": truth.task, "line": f"task.py:{truth.line}", "event": truth.events[0]}
        answer = Diagnosis(
            prediction=Prediction(outcome="ok"),
            evidence=EvidenceAnswer(**{**given, **changes}),
            cause=CauseAnswer(name=key.cause.name),
            rejected=Rejected(hypothesis="the engine is broken", because="it went on working afterwards"),
        )
        return {remark.field for remark in diagnosis.grade(exercise, answer, key, [run]) if not remark.right}

    assert grades() == set()
    assert grades(engine=truth.engine + 1) == {"evidence.engine"}
    assert grades(task=truth.task + 1) == {"evidence.task"}
    assert grades(line=f"task.py:{truth.line + 1}") == {"evidence.line"}
    other = next(event.id for event in run.events if event.id not in truth.events)
    assert grades(event=other) == {"evidence.event"}


def test_the_event_that_settles_it_can_be_the_one_with_the_least_bytes(failing_run):
    exercise = course.load("18", places.CLONE)
    run = failing_run(exercise)
    [truth] = diagnosis.truths_of(run, exercise)
    received = {event.id: event for event in run.of_kind("received")}
    [decisive] = truth.events
    assert received[decisive].task == truth.task
    assert received[decisive].engine == truth.engine
    others = [event.data["bytes"] for name, event in received.items() if name != decisive]
    assert received[decisive].data["bytes"] < min(others)


def test_the_events_that_settle_it_can_be_those_of_the_tasks_whose_result_differs(failing_run):
    exercise = course.load("19", places.CLONE)
    run = failing_run(exercise)
    truths = diagnosis.truths_of(run, exercise)
    begun = {event.task: event.data["label"] for event in run.of_kind("begin")}
    [company] = {begun[truth.task] for truth in truths}
    assert f"result['{company}']" in run.outcome.difference.where
    assert {truth.task for truth in truths} == {task for task, label in begun.items() if label == company}


def test_the_events_that_settle_it_can_be_the_first_of_each_engine(failing_run):
    exercise = course.load("21", places.CLONE)
    run = failing_run(exercise)
    truths = diagnosis.truths_of(run, exercise)
    assert sorted(truth.engine for truth in truths) == run.engines
    for truth in truths:
        begun = [event.id for event in run.of_kind("begin") if event.engine == truth.engine]
        assert truth.events == (begun[0],)


def test_where_the_client_saw_what_settles_it_the_engine_is_that_of_the_task(failing_run):
    exercise = course.load("20", places.CLONE)
    run = failing_run(exercise)
    [truth] = diagnosis.truths_of(run, exercise)
    last = run.of_kind("reply")[-1]
    assert truth.events == (last.id,)
    assert [truth.engine] == [event.engine for event in run.of_kind("begin") if event.task == last.task]
