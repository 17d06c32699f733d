"""What a verdict says of waits that can never end, of deaths for want of memory, and of the client's own hang."""

from collections.abc import Callable

import msgspec
import pytest

from harness import views
from harness.store import Death, Hang, Outcome, Run, as_json
from tests.golden import ROOT, copied, golden


@pytest.fixture
def said(workspace) -> Callable[..., str]:
    """The verdict of the golden run of this name with its outcome changed, as one line of words."""

    def say(name: str, **changes) -> str:
        run = copied(name, workspace)
        assert run.outcome is not None
        (run.folder / "outcome.json").write_bytes(as_json(msgspec.structs.replace(run.outcome, **changes)))
        return " ".join(views.plain(views.verdict(Run(run.folder), ROOT)).split())

    return say


def test_who_waits_for_whom_is_told_a_line_each(said):
    waits = ["thread MainThread waits for a, which thread other has, at t.py:3 in f", "thread other waits for b"]
    told = said("hang", hangs=[Hang(engine=1, task=1, why="2 of its threads wait for each other", waits=waits)])
    assert f"waits {waits[0]} {waits[1]}" in told


def test_a_task_that_no_engine_will_take_is_in_the_queue_and_not_in_the_client(said):
    hangs = [Hang(task=9, file="t.py", line=3, function="f", why="no more engines", how_ended="dropped from the queue")]
    told = said("hang", hangs=[*hangs, Hang(task=10, why="it comes after task 9, which never ends")])
    assert "task 9, in the queue, then dropped from the queue" in told
    assert "task 10, in the queue" in told
    assert "it comes after task 9" in told
    assert "main, in the client" not in told


def test_a_death_for_want_of_memory_says_how_much_it_had_and_how_that_is_known(said):
    death = Death(
        engine=1, pid=7, signal=9, signal_name="SIGKILL", memory=3 * 2**30, out_of_memory="the kernel says so"
    )
    told = said("crash", deaths=[death])
    assert "it had 3.2 GB of memory at most" in told
    assert "out of memory: the kernel says so" in told


@pytest.mark.parametrize(
    ("code", "meaning"), [(139, "(128 + 11: by signal, told by a shell)"), (7, "with exit code 7,")]
)
def test_an_exit_code_that_stands_for_a_signal_says_so(said, code, meaning):
    assert meaning in said("crash", deaths=[Death(engine=1, pid=7, exit_code=code)])


def test_the_traceback_of_a_hang_is_where_it_was_when_stopped():
    run = golden("hang")
    shown = views.plain(views.traceback(run, ROOT))
    assert run.outcome is not None
    for hang in run.outcome.hangs:
        assert f"task {hang.task} on engine {hang.engine}, where it was when it was stopped" in shown
        assert f"waits.py:{hang.line}" in shown


def test_the_stacks_of_the_client_are_shown_with_those_of_engines(workspace):
    run = copied("hang", workspace)
    (run.folder / "stacks" / "client.json").write_bytes((run.folder / "stacks" / "engine-0.json").read_bytes())
    assert "the client, thread MainThread" in views.plain(views.stacks(Run(run.folder), ROOT))


def test_an_outcome_of_before_these_fields_reads_as_without_them():
    old = msgspec.json.decode(b'{"outcome": "hang", "reason": "", "hangs": [{"engine": 1}]}', type=Outcome)
    assert (old.hangs[0].why, old.hangs[0].waits) == ("", [])
