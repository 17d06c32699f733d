"""A wait that can never end is a hang at once, without a deadline, and says who waits for whom; a long one is none."""

from pathlib import Path

import pytest

from harness.cluster import Cluster
from harness.recorder import Target
from harness.store import Outcome, Run
from harness.triage import execute
from tests.programs import HERE


def run(cluster: Cluster, folder: Path, *how, deadline: float | None = None) -> Run:
    target = Target(HERE / "endless.py", "endless", str(how[0]))
    return execute(target, cluster, folder / "runs", arguments=how, deadline=deadline)


def outcome_of(run: Run) -> Outcome:
    assert run.outcome is not None
    return run.outcome


def assert_usable(cluster: Cluster) -> None:
    with cluster.client() as client:
        assert client[:].apply_async(abs, -1).get(timeout=20) == [1, 1]


def test_more_retries_than_engines_is_a_hang_that_names_the_failing_line(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "retries", 2))
    assert (outcome.outcome, outcome.signs) == ("hang", ["queued-forever", "retried"])
    [hang] = outcome.hangs
    assert (hang.engine, hang.task, hang.function) == (None, 1, "fail")
    assert "2 of 3 attempts failed" in hang.why
    assert hang.why in outcome.reason
    assert [(one.type, one.message, one.attempt) for one in outcome.failures] == [("ValueError", "always", 2)]
    assert_usable(cluster)


def test_as_many_retries_as_can_be_made_fail_in_the_end(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "retries", 1))
    assert (outcome.outcome, outcome.failures[0].type) == ("exception", "ValueError")


def test_a_retry_that_serves_is_fine(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "retries_serve", str(tmp_path)))
    assert (outcome.outcome, outcome.signs) == ("ok", ["retried"])


def test_a_dependency_that_no_engine_meets_is_a_hang(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "nowhere"))
    assert (outcome.outcome, outcome.failures) == ("hang", [])
    assert "each of the 2 engines has rejected it" in outcome.hangs[0].why
    assert "queued-forever" in outcome.signs
    assert_usable(cluster)


def test_what_comes_after_an_endless_task_is_endless_too(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "behind_the_stuck"))
    assert [(hang.task, "after task 1" in hang.why) for hang in outcome.hangs] == [(1, False), (2, True)]


def test_what_comes_after_a_failed_task_fails(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "after_a_failure"))
    assert outcome.outcome == "exception"
    assert [one.type for one in outcome.failures] == ["ValueError", "ImpossibleDependency"]


def test_what_comes_after_a_long_task_only_waits(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "after_a_long_one"))
    assert (outcome.outcome, outcome.hangs) == ("ok", [])


def test_what_must_follow_a_task_to_an_engine_that_died_waits_for_ever(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "follow_the_dead"))
    assert (outcome.outcome, "queued-forever" in outcome.signs) == ("crash", True)
    assert [hang.task for hang in outcome.hangs] == [4]
    assert "it may only run where task 1 ran" in outcome.hangs[0].why


def test_a_task_that_another_engine_takes_over_from_a_dead_one_is_no_hang(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "die_and_serve", str(tmp_path)))
    assert (outcome.outcome, outcome.hangs, outcome.result) == ("crash", [], "'served'")


@pytest.mark.parametrize(
    ("how", "why", "waits"),
    [
        (("lock_order", True), "2 of its threads wait for each other", ["MainThread", "other"]),
        (("join_the_stuck",), "2 of its threads wait for each other", ["MainThread waits for thread helper", "helper"]),
        (("lock_again",), "which it has itself", ["which itself has"]),
    ],
)
def test_threads_that_wait_for_each_other_are_a_hang_that_says_for_what(cluster, tmp_path, how, why, waits):
    outcome = outcome_of(run(cluster, tmp_path, *how))
    assert outcome.outcome == "hang"
    [hang] = outcome.hangs
    assert why in hang.why
    assert len(hang.waits) == len(waits)
    for line, part in zip(hang.waits, waits, strict=True):
        assert part in line
        assert "endless.py:" in line
    assert Path(hang.file).name == "endless.py"
    assert_usable(cluster)


@pytest.mark.parametrize("how", [("lock_order", False), ("lock_given_back_by_another",)])
def test_a_lock_that_will_be_released_is_no_hang(cluster, tmp_path, how):
    assert outcome_of(run(cluster, tmp_path, *how)).outcome == "ok"


def test_engines_that_wait_for_each_others_files_are_a_hang(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "two_files", str(tmp_path)))
    assert {hang.engine for hang in outcome.hangs} == {0, 1}
    assert outcome.hangs[0].why == "2 engines wait for files that they have locked"
    assert sorted(line.split(",")[0][-1] for line in outcome.hangs[0].waits) == ["a", "b"]
    assert_usable(cluster)


def test_an_engine_that_waits_for_a_file_in_use_is_no_hang(cluster, tmp_path):
    assert outcome_of(run(cluster, tmp_path, "one_file", str(tmp_path))).outcome == "ok"


def test_tasks_that_wait_for_their_own_tasks_with_no_engine_free_are_a_hang(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "ask_others", str(cluster.connection_file), str(tmp_path), 2))
    assert {hang.engine for hang in outcome.hangs} == {0, 1}
    assert "no engine is free" in outcome.hangs[0].why
    assert_usable(cluster)


def test_a_task_that_waits_for_a_task_in_its_own_queue_is_a_hang(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "ask_itself", str(cluster.connection_file), str(tmp_path)))
    assert (outcome.outcome, outcome.hangs[0].engine) == ("hang", 0)
    assert_usable(cluster)


def test_a_task_that_waits_for_one_on_a_free_engine_is_fine(cluster, tmp_path):
    outcome = outcome_of(run(cluster, tmp_path, "ask_others", str(cluster.connection_file), str(tmp_path), 1))
    assert outcome.outcome == "ok"
