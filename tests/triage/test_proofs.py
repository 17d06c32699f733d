"""The proofs of endless waits: what they claim follows from what is known, and near-misses prove nothing."""

from ipyparallel import Dependency

from harness.triage.deadlock import Nested, Wait, among_threads, on_files, on_tasks
from harness.triage.endless import Queued, never_begin
from harness.triage.progress import UNMET, Attempt, Progress


def thread(ident: int, *owners: int, own: bool = True, **more) -> Wait:
    return Wait(thread=f"t{ident}", ident=ident, main=ident == 1, own=own, what="lock", owners=list(owners), **more)


def test_a_cycle_of_threads_is_a_deadlock_and_a_chain_is_none():
    assert among_threads(0, [thread(1, 2), thread(2, 1)]) is not None
    assert among_threads(0, [thread(1, 2), thread(2, 3), thread(3)]) is None
    assert among_threads(0, [thread(1, 1)]) is not None


def test_threads_that_wait_for_a_cycle_are_told_up_to_it():
    found = among_threads(0, [thread(1, 2), thread(2, 3), thread(3, 2)])
    assert found is not None
    assert len(found.waits) == 3


def test_a_deadlock_beside_the_tasks_own_thread_does_not_hold_the_task():
    assert among_threads(0, [thread(1), thread(2, 3), thread(3, 2)]) is None


def test_a_thread_that_is_free_may_release_a_plain_lock_but_not_a_reentrant_one():
    free = thread(3)
    assert among_threads(0, [thread(1, 2), thread(2, 1), free]) is None
    reentrant = [thread(1, 2, only_owners=True), thread(2, 1, only_owners=True)]
    assert among_threads(0, [*reentrant, free]) is not None
    assert among_threads(0, [thread(1, 2), thread(2, 1), thread(3, own=False)]) is not None


LOCKS = """1: FLOCK  ADVISORY  WRITE 100 08:01:11 0 EOF
1: -> FLOCK  ADVISORY  WRITE 200 08:01:11 0 EOF
2: FLOCK  ADVISORY  WRITE 200 08:01:12 0 EOF
2: -> FLOCK  ADVISORY  WRITE 100 08:01:12 0 EOF
3: POSIX  ADVISORY  WRITE 300 00:15:13 0 0
"""
ONE_THREAD = {0: [thread(1)], 1: [thread(1)]}


def test_engines_on_each_others_files_are_a_deadlock():
    pids = {0: 100, 1: 200}
    assert [found.engine for found in on_files(pids, ONE_THREAD, LOCKS, [])] == [0, 1]
    assert (
        on_files(
            pids, ONE_THREAD, LOCKS.replace("2: -> FLOCK  ADVISORY  WRITE 100", "2: -> FLOCK  ADVISORY  WRITE 9"), []
        )
        == []
    )
    assert on_files(pids, ONE_THREAD, LOCKS, [1]) == [], "its child may release the lock"
    assert on_files(pids, {**ONE_THREAD, 1: [thread(1), thread(2)]}, LOCKS, []) == [], "its other thread may"
    assert on_files(pids, {0: [thread(1)]}, LOCKS, []) == [], "what engine 1 is at is not known"


def nested(engine: int, *awaited: str) -> Nested:
    return Nested(engine, engine + 1, "", awaited, "f.py:1 in f")


def test_tasks_of_tasks_are_endless_only_if_no_engine_can_take_them():
    both = [nested(0, "a"), nested(1, "b")]
    assert [found.engine for found in on_tasks(both, {0, 1}, {"a", "b"}, {})] == [0, 1]
    assert on_tasks(both, {0, 1, 2}, {"a", "b"}, {}) == [], "engine 2 is free"
    assert on_tasks(both, {0, 1}, {"a"}, {}) == [], "b is under way, and frees engine 1"
    assert [found.engine for found in on_tasks([nested(0, "a")], {0, 1}, set(), {0: ["a"]})] == [0]
    assert on_tasks([nested(0, "a")], {0, 1}, set(), {1: ["a"]}) == []


def progress(**failed: list[Attempt]) -> Progress:
    return Progress(failed={int(task.removeprefix("t")): attempts for task, attempts in failed.items()})


def test_a_task_that_failed_on_all_engines_waits_for_ever_only_with_retries_left():
    failed = progress(t1=[Attempt(0, "ValueError"), Attempt(1, "ValueError")])
    assert [found.task for found in never_begin([Queued(1, "a", retries=2)], failed, {0, 1}, {})] == [1]
    assert never_begin([Queued(1, "a", retries=1)], failed, {0, 1}, {}) == [], "its failure is on its way"
    assert never_begin([Queued(1, "a", retries=2)], failed, {0, 1, 2}, {}) == [], "engine 2 may try"
    assert never_begin([Queued(1, "a", retries=2, timeout=True)], failed, {0, 1}, {}) == [], "it will time out"


def test_a_rejected_dependency_takes_no_retry():
    failed = progress(t1=[Attempt(0, UNMET), Attempt(1, UNMET)])
    assert len(never_begin([Queued(1, "a")], failed, {0, 1}, {})) == 1
    assert never_begin([Queued(1, "a", targets=frozenset({0, 1}))], failed, {0, 1}, {}) == [], "ipyparallel answers"


def test_what_waits_for_any_of_several_is_endless_only_if_all_of_them_are():
    failed = progress(t1=[Attempt(0, UNMET)])
    numbers = {"a": 1, "b": 2}
    either = Queued(3, "c", after=Dependency(["a", "b"], all=False))
    both = Queued(3, "c", after=Dependency(["a", "b"]))
    assert [found.task for found in never_begin([Queued(1, "a"), either], failed, {0}, numbers)] == [1]
    assert [found.task for found in never_begin([Queued(1, "a"), both], failed, {0}, numbers)] == [1, 3]
