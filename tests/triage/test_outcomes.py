"""Every outcome is decided by the evidence of a real run, and the next run on the same engines is unaffected."""

import time
from pathlib import Path

import psutil
import pytest

from harness import cluster as clusters
from harness.cluster import Cluster
from harness.errors import BadInput, CannotWork
from harness.recorder import Target
from harness.store import Outcome, Run
from harness.triage import execute, session
from tests.programs import HERE

TEXTS = {"amzn": ["Hello", "World"], "nflx": ["one", "three"]}


def run(cluster: Cluster, folder: Path, how: str, *more: str, deadline: float = 1.0, **options) -> Run:
    target = Target(HERE / "trouble.py", "trouble", how)
    return execute(target, cluster, folder, arguments=(how, *more), deadline=deadline, **options)


def outcome_of(run: Run) -> Outcome:
    assert run.outcome is not None
    return run.outcome


def average(cluster: Cluster, folder: Path, texts: dict, **options) -> Outcome:
    target = Target(HERE / "average.py", "average")
    return outcome_of(execute(target, cluster, folder, arguments=(texts,), **options))


def assert_next_run_is_fine(cluster: Cluster, folder: Path) -> None:
    expected = {"amzn": 5.0, "nflx": 4.0}
    again = average(cluster, folder, TEXTS, reference=lambda: expected)
    assert (again.outcome, again.signs) == ("ok", [])
    assert set(cluster.engines) == {0, 1}


def test_a_right_result_is_ok(cluster, tmp_path):
    assert_next_run_is_fine(cluster, tmp_path)


def test_a_result_that_differs_is_wrong_and_says_where(cluster, tmp_path):
    outcome = average(cluster, tmp_path, TEXTS, reference=lambda: {"amzn": 5.0, "nflx": 4.5})
    assert outcome.outcome == "wrong"
    assert outcome.difference.where == "result['nflx']"
    assert (outcome.difference.got, outcome.difference.expected) == ("4.0", "4.5")


def test_an_exception_names_task_company_line_and_values(cluster, tmp_path):
    outcome = average(cluster, tmp_path, {**TEXTS, "msft": ["fine", None]})
    assert outcome.outcome == "exception"
    [failure] = outcome.failures
    assert (failure.type, failure.label, failure.task) == ("AttributeError", "msft", 3)
    run = Run(next(path for path in tmp_path.iterdir() if not path.is_symlink()))
    traceback = run.traceback(failure.traceback)
    assert traceback.frames[-1].locals["text"] == "None"
    assert "text.lower()" in traceback.frames[-1].source
    event = next(event for event in run.events if event.id == failure.event)
    assert (event.kind, event.engine) == ("raised", failure.engine)


def test_secrets_among_the_locals_are_masked(cluster, tmp_path):
    average(cluster, tmp_path, {"msft": [None]})
    shown = [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "payloads"]
    written = b"".join(path.read_bytes() for path in shown)
    for secret in (b"hunter2", b"t0k3n", b"s3cr3t"):
        assert secret not in written


@pytest.mark.parametrize("how", ["unprintable", "lone_surrogate"])
def test_an_exception_that_could_not_travel_arrives_and_says_so(cluster, tmp_path, how):
    outcome = outcome_of(run(cluster, tmp_path, how))
    assert outcome.outcome == "exception"
    assert "reply-lost" in outcome.signs
    assert_next_run_is_fine(cluster, tmp_path)


def test_causes_and_members_of_a_group_are_kept(cluster, tmp_path):
    failure = outcome_of(caused := run(cluster, tmp_path, "caused")).failures[0]
    assert caused.traceback(failure.traceback).cause.type == "KeyError"
    failure = outcome_of(many := run(cluster, tmp_path, "many")).failures[0]
    assert [member.type for member in many.traceback(failure.traceback).members] == ["ValueError", "TypeError"]


def test_a_result_that_cannot_be_pickled_is_the_tasks_failure(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "unpicklable"))
    assert (outcome.outcome, outcome.failures[0].type) == ("exception", "TypeError")


def test_system_exit_in_a_task_leaves_the_engine_alive(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "exit_in_task"))
    assert (outcome.outcome, outcome.failures[0].type, outcome.deaths) == ("exception", "SystemExit", [])


def test_a_failure_nobody_asked_for_is_an_exception_and_a_sign(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "nobody_asks"))
    assert outcome.outcome == "exception"
    assert "unfetched-failure" in outcome.signs


def test_a_failure_that_main_handled_is_a_sign_only(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "handled"))
    assert (outcome.outcome, outcome.signs) == ("ok", ["handled-failure"])


def test_an_error_of_the_client_stands_beside_those_of_tasks(cluster, tmp_path):
    ran = run(cluster, tmp_path, "client_raises_too")
    task, client = outcome_of(ran).failures
    assert (task.task, task.type) == (1, "TypeError")
    assert (client.task, client.type, client.line) == (
        None,
        "KeyError",
        ran.traceback(client.traceback).frames[-1].line,
    )
    assert "main itself raised KeyError" in outcome_of(ran).reason


def test_a_result_that_cannot_be_sent_shows_no_frame_of_the_harness(cluster, tmp_path):
    ran = run(cluster, tmp_path, "unpicklable")
    files = [frame.file for frame in ran.traceback(outcome_of(ran).failures[0].traceback).frames]
    assert files
    assert not any("/harness/" in file for file in files)


def test_an_error_of_the_client_names_the_clients_line(cluster, tmp_path):
    [failure] = outcome_of(run(cluster, tmp_path, "client_raises")).failures
    assert (failure.engine, failure.type, Path(failure.file).name) == (None, "KeyError", "trouble.py")


def test_a_hang_in_c_code_is_stopped_and_shows_its_line_and_values(cluster, tmp_path):
    before = dict(cluster.engines)
    outcome = outcome_of(run(cluster, tmp_path, "regex"))
    assert outcome.outcome == "hang"
    [hang] = outcome.hangs
    assert (hang.function, hang.task, hang.how_ended) == ("regex", 2, "interrupted")
    assert "aaaa" in hang.values["text"]
    assert {engine.pid for engine in cluster.engines.values()} == {engine.pid for engine in before.values()}
    assert_next_run_is_fine(cluster, tmp_path)


def test_queued_tasks_of_a_hung_run_never_reach_the_next(cluster, tmp_path):
    hung = run(cluster, tmp_path, "queue")
    assert outcome_of(hung).outcome == "hang"
    assert {hang.engine for hang in outcome_of(hung).hangs} == {0, 1}
    assert_next_run_is_fine(cluster, tmp_path)


def test_a_client_that_spins_is_stopped(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "client_spins"))
    assert outcome.outcome == "hang"
    assert (outcome.hangs[0].engine, outcome.hangs[0].function) == (None, "main")
    assert_next_run_is_fine(cluster, tmp_path)


def test_a_main_that_sends_nothing_is_stopped_at_the_deadline(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "send_nothing"))
    assert (outcome.outcome, outcome.hangs[0].engine, outcome.hangs[0].line is None) == ("hang", None, False)


def test_a_reference_that_never_ends_decides_nothing(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(session, "REFERENCE", 0.3)
    outcome = average(cluster, tmp_path, TEXTS, reference=lambda: time.sleep(1000), deadline=0.5)
    assert (outcome.outcome, outcome.signs) == ("unknown", [])
    assert "it did not end within 0.5 s" in outcome.reason
    assert_next_run_is_fine(cluster, tmp_path)


def test_an_engine_that_stopped_itself_is_replaced(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "stop_itself"))
    assert outcome.outcome == "hang"
    assert (outcome.hangs[0].how_ended, "engine-replaced" in outcome.signs) == ("engine replaced", True)
    assert_next_run_is_fine(cluster, tmp_path)


def test_who_swallows_the_interrupt_is_replaced_and_who_cleans_up_has_the_time_for_it(cluster, tmp_path):
    note, alive = tmp_path / "note", []
    told = {"told": lambda run: alive.extend(cluster.engines)}
    outcome = outcome_of(run(cluster, tmp_path / "runs", "swallow_or_clean_up", str(note), **told))
    assert outcome.outcome == "hang"
    assert {hang.task: hang.how_ended for hang in outcome.hangs} == {1: "engine replaced", 2: "interrupted"}
    assert note.read_text() == "cleaned up"
    assert alive == [hang.engine for hang in outcome.hangs if hang.task == 2]
    assert_next_run_is_fine(cluster, tmp_path)


@pytest.mark.parametrize("how", ["sends_again", "would_try_again"])
def test_what_comes_into_the_queue_after_engines_were_ended_never_reaches_the_next_run(cluster, tmp_path, how):
    outcome = outcome_of(run(cluster, tmp_path, how))
    assert outcome.outcome == "hang"
    assert_next_run_is_fine(cluster, tmp_path)


def test_a_native_crash_has_its_signal_last_words_and_line(cluster, tmp_path):
    crashed = run(cluster, tmp_path, "segfault", deadline=10)
    [death] = outcome_of(crashed).deaths
    assert outcome_of(crashed).outcome == "crash"
    assert (death.signal_name, death.label, death.function) == ("SIGSEGV", "msft", "segfault")
    assert "Segmentation fault" in death.last_words[0]
    assert "last words of msft" in list(crashed.raw_output(death.engine))
    assert_next_run_is_fine(cluster, tmp_path)


def test_an_exit_code_is_kept(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "leave_one", deadline=10))
    assert (outcome.outcome, outcome.deaths[0].exit_code) == ("crash", 7)
    assert_next_run_is_fine(cluster, tmp_path)


def test_when_all_engines_die_the_run_ends_and_both_come_back(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "leave_all", deadline=10))
    assert (outcome.outcome, len(outcome.deaths)) == ("crash", 2)
    assert_next_run_is_fine(cluster, tmp_path)


def test_tasks_queued_behind_dead_engines_end_with_the_run(cluster, tmp_path):
    left = run(cluster, tmp_path, "leave_each", deadline=10)
    assert (outcome_of(left).outcome, "queued-forever" in outcome_of(left).signs) == ("crash", True)
    replies = [event.data["type"] for event in left.of_kind("reply")]
    assert replies.count("TaskAborted") == 4
    assert_next_run_is_fine(cluster, tmp_path)


def test_what_a_task_leaves_changed_is_named_and_gone_in_the_next_run(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "make_a_mess"))
    assert "leaked-state" in outcome.signs
    left = [event.data["left"] for event in Run(tmp_path / "latest").of_kind("engine-closed")]
    named = " ".join(change for changes in left for change in changes)
    for word in ("cwd", "LEFT_BEHIND", "sys.path", "recursion limit"):
        assert word in named
    assert_next_run_is_fine(cluster, tmp_path)


def test_a_target_without_the_function_is_the_callers_mistake(cluster, tmp_path):
    with pytest.raises(BadInput, match=r"has no function 'mainn'; it has: .*main"):
        execute(Target(HERE / "trouble.py", "trouble", function="mainn"), cluster, tmp_path)


def test_a_lost_controller_is_not_called_a_crash(tmp_path):
    with clusters.start(1) as own:
        target = Target(HERE / "trouble.py", "trouble", "kill_zygote")
        with pytest.raises(CannotWork, match="cluster"):
            execute(target, own, tmp_path, arguments=("kill_parent",), deadline=10)


def test_a_lost_scheduler_ends_the_run_long_before_its_deadline(tmp_path):
    with clusters.start(1) as own:
        [controller] = [each for each in psutil.Process(own.zygote[0]).children() if each.children()]
        target = Target(HERE / "trouble.py", "trouble", "kill_scheduler")
        with pytest.raises(CannotWork, match="the cluster's controller ended"):
            execute(target, own, tmp_path, arguments=("kill", controller.children()[0].pid), deadline=200)
    assert not list(Run(tmp_path / "latest").of_kind("deadline"))
