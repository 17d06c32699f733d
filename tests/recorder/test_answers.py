"""Of a coalescing broadcast each engine's task is recorded, and what the one reply does not tell is told by its end."""

import ipyparallel as ipp
import pytest

import harness
from harness.recorder import answers
from harness.store.attempts import attempts
from tests.programs.broadcast import Unreadable, dies_on, fails_on


@pytest.fixture
def view(importing):
    """A coalescing broadcast view of engines 0 and 1."""
    return importing.broadcast_view(is_coalescing=True)


def answered(run):
    return {event.task: event.data["status"] for event in run.of_kind("reply")}


@pytest.fixture
def broadcast(view, tmp_path, eventually):
    """Broadcasts a function that fails on the engine given; engine 1 answers after engine 0."""

    def sent(engine):
        begun, file = tmp_path / "begun", tmp_path / "file"
        answer = view.apply_async(fails_on, engine, 1, begun, file)
        eventually(begun.exists)
        view.client[0].apply_sync(file.touch)  # which engine 0 does when it has answered
        return answer

    return sent


def test_a_failure_that_the_reply_leaves_out_is_the_runs_outcome(view, broadcast):
    with harness.record(view, deadline=60) as recorded:
        assert broadcast(0).get(timeout=30) == [1], "bare ipyparallel gives no more"
    run = recorded.run
    assert answered(run) == {1: "untold", 2: "untold", 3: "ok"}
    assert [(attempt.engine, attempt.status) for attempt in attempts(run)] == [(0, "error"), (1, "ok"), (0, "ok")]
    assert run.outcome.outcome == "exception"
    assert "leaves that out" in run.outcome.reason
    assert "unfetched-failure" in run.outcome.signs
    [failure] = run.outcome.failures
    assert (failure.task, failure.engine, failure.message) == (1, 0, "on engine 0")


def test_the_failure_that_the_reply_tells_is_told_of_its_own_task_only(view, broadcast):
    with harness.record(view, deadline=60) as recorded, pytest.raises(ipp.error.RemoteError, match="on engine 1"):
        broadcast(1).get(timeout=30)
    assert answered(recorded.run) == {1: "untold", 2: "error", 3: "ok"}
    assert [attempt.status for attempt in attempts(recorded.run)] == ["ok", "error", "ok"]
    assert recorded.run.outcome.outcome == "ok"
    assert "handled-failure" in recorded.run.outcome.signs


def test_a_result_that_cannot_be_read_is_answered_and_told(view):
    with harness.record(view, deadline=60) as recorded:
        with pytest.raises(ipp.error.RemoteError, match="not a number"):
            view.apply_sync(Unreadable)
        assert view.apply_sync(len, "abc") == [3, 3]
    assert answered(recorded.run) == {1: "error", 2: "error", 3: "ok", 4: "ok"}
    assert "reply-lost" in recorded.run.outcome.signs


def test_an_engine_that_dies_is_told_of_its_own_task(view):
    with harness.record(view, deadline=60) as recorded, pytest.raises(ipp.error.RemoteError, match="died"):
        view.apply_sync(dies_on, 1)
    run = recorded.run
    assert answered(run) == {1: "untold", 2: "error"}
    assert run.outcome.outcome == "crash"
    assert [(death.engine, death.task) for death in run.outcome.deaths] == [(1, 2)]


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ([1, 2], ["ok", "ok"]),
        ([1], ["untold", "untold"]),
        ([], ["untold", "untold"]),
        (ipp.error.RemoteError("E", "", "", {"engine_uuid": "b"}), ["untold", "error"]),
        (ipp.error.RemoteError("E", "", ""), ["error", "error"]),
        (ipp.error.TaskAborted("id"), ["untold", "untold"]),
    ],
)
def test_no_more_is_told_than_the_reply_says(result, told):
    assert [each["status"] for each in answers.of_many(result, ["a", "b"], ["a", "b"])] == told
