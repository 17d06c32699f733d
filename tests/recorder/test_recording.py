"""A recorded client gives what a bare one gives: results, types, exceptions, output; and is bare again afterwards."""

import contextlib
import time

import ipyparallel as ipp
import pytest

from harness import store
from harness.errors import CannotWork
from harness.recorder import Recording, sending
from harness.store import Run
from tests.programs.plain import fail, join, second_time_lucky, shout, table_flags


@pytest.fixture
def client(importing):
    """A client of engines that can import the test's functions, and differ in a variable."""
    importing[1].execute("import os; os.environ['CHOSEN'] = 'yes'", block=True)
    yield importing
    importing[1].execute("del os.environ['CHOSEN']", block=True)


@contextlib.contextmanager
def recorded(client, folder):
    writer = store.create(folder, "test", "mine", engines=2, backend="test")
    recording = Recording(client, writer)
    recording.open()
    try:
        yield recording
    finally:
        recording.close()


def test_a_large_array_arrives_as_it_does_bare(client, tmp_path):
    numpy = pytest.importorskip("numpy")
    for size in (10, 10**6):
        array = numpy.asfortranarray(numpy.zeros((size, 2)))
        bare = client[0].apply_sync(table_flags, array)
        with recorded(client, tmp_path):
            assert client[0].apply_sync(table_flags, array) == bare


def test_output_and_metadata_still_arrive(client, tmp_path):
    with recorded(client, tmp_path):
        answer = client[1].apply_async(shout, "hello")
        assert answer.get(timeout=10) == 5
        assert answer.wait_for_output(10)
        assert answer.stdout == "HELLO\n"
        assert answer.engine_id == 1


def test_a_task_that_an_earlier_run_left_in_a_queue_is_dropped(client, tmp_path):
    [[ident], _] = client._build_targets(1)
    left = {"metadata": {"harness": {"run": "an-earlier-one", "task": 1}}, "ident": ident}
    with recorded(client, tmp_path) as recording:
        late = ipp.Client.send_apply_request(client, client[1]._socket, shout, ("late",), **left)
        assert client[1].apply_sync(shout, "own") == 3
        assert isinstance(late.result(timeout=10), ipp.error.TaskAborted)
        late = ipp.Client.send_apply_request(client, client._task_socket, shout, ("late",), metadata=left["metadata"])
        assert isinstance(late.result(timeout=10), ipp.error.TaskAborted)
    assert [event.task for event in Run(recording.run.folder).of_kind("begin")] == [1]


def test_every_attempt_of_a_retried_task_is_recorded(client, tmp_path):
    view = client.load_balanced_view()
    view.retries = 1
    with recorded(client, tmp_path) as recording:
        assert view.apply_sync(second_time_lucky, str(tmp_path / "calls")) == 2
    run = Run(recording.run.folder)
    assert [event.engine for event in run.of_kind("received")] in ([0, 1], [1, 0])
    assert [event.data["message"] for event in run.of_kind("raised")] == ["call 1"]


def test_closed_the_client_and_the_engines_are_bare_again(client, tmp_path):
    asked = ipp.AsyncResult.exception
    with recorded(client, tmp_path) as recording:
        client[0].apply_sync(join, "while recorded")
    assert ipp.AsyncResult.exception is asked
    before = len(Run(recording.run.folder).events)
    client[0].apply_sync(join, "afterwards")
    assert len(Run(recording.run.folder).events) == before
    assert "send_apply_request" not in vars(client)
    assert "_send" not in vars(client)


def test_two_runs_one_after_the_other_do_not_mix(client, tmp_path):
    for text in ("first", "second"):
        with recorded(client, tmp_path) as recording:
            client[:].apply_sync(shout, text)
        run = Run(recording.run.folder)
        raw = [line for engine in run.engines for line in run.raw_output(engine)]
        assert raw == [text.upper()] * 2


ASKING = {
    "get": lambda answer: answer.get(),
    "result": lambda answer: answer.result(),
    "exception": lambda answer: answer.exception(),
    "successful": lambda answer: answer.wait() and answer.successful(),
    "iteration": lambda answer: list(answer),
}


@pytest.mark.parametrize("how", ASKING)
def test_a_failure_that_was_asked_for_is_known_to_be_by_whatever_name_it_was(client, tmp_path, how):
    with recorded(client, tmp_path) as recording:
        answer = client.load_balanced_view().map_async(fail, ["amzn", "googl"])
        answer.wait(5)
        assert recording.fetched == set()
        with contextlib.suppress(ipp.error.RemoteError):
            ASKING[how](answer)
        assert recording.fetched == {recording.numbers[one] for one in answer.msg_ids}


def test_an_engine_whose_end_the_client_hears_of_just_as_it_sends_is_one_that_has_ended(client, monkeypatch):
    def sent(client: ipp.Client, *_: object) -> ipp.AsyncResult:
        answer = client[0].apply_async(time.sleep, 1)
        patched.setattr(ipp.Client, "ids", [])
        return answer

    # ipyparallel tells the answers it has booked of an end, not one that is being booked: that one is never answered
    with monkeypatch.context() as patched:
        patched.setattr(sending, "_sent", sent)
        given = sending.call(client, "digest.ready", {0: None}, 0.2)
    assert given[0].why == sending.ENDED


def test_an_engine_that_ends_while_a_recording_opens_is_told_of_in_one_line(client, tmp_path, monkeypatch):
    gone = 99  # as one that the client knew a moment ago
    assert sending.call(client, "digest.ready", {0: None, gone: None}, 10)[gone].why == sending.ENDED
    ended = pytest.raises(CannotWork, match="engine 99 ended before the run began; run again")
    with monkeypatch.context() as patched, ended:
        patched.setattr(ipp.Client, "ids", [0, gone])
        with recorded(client, tmp_path):
            pass
