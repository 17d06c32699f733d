"""What engines' events tell of a run that goes on: who is at what, and which attempts failed."""

from harness.store.growing import Step, Told
from harness.triage.progress import Attempt, Progress


def step(kind, task=3, **data):
    return Step(id=f"e0-{kind}", kind=kind, time=1.0, task=task, data=Told(**data), engine=0)


def test_an_engine_is_at_the_task_that_it_began_until_that_ends():
    progress = Progress()
    progress.take([step("received"), step("begin", label="amzn")])
    assert (progress.at_work[0].task, progress.at_work[0].label) == (3, "amzn")
    progress.take([step("end", status="ok")])
    assert (progress.at_work, progress.served_by, progress.failed) == ({}, {3: 0}, {})


def test_an_attempt_that_failed_tells_what_was_raised_and_where():
    progress = Progress()
    raised = {"type": "ValueError", "message": "no", "file": "a.py", "line": 7, "function": "count"}
    progress.take([step("received"), step("raised", **raised), step("end", status="error")])
    assert progress.failed == {3: [Attempt(0, "ValueError", "no", "a.py", 7, "count", "e0-raised")]}


def test_an_end_that_does_not_say_how_is_none():
    progress = Progress()
    progress.take([step("received"), step("end")])
    assert (progress.at_work[0].task, progress.failed) == (3, {})


def test_a_task_whose_engine_died_is_a_failed_attempt():
    progress = Progress()
    progress.take([step("received")])
    progress.lost(0)
    assert (progress.at_work, [attempt.type for attempt in progress.failed[3]]) == ({}, ["EngineError"])
