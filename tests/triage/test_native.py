"""The stack that an engine writes of itself is its main thread's, whatever it is at, and costs it nothing."""

import os

import ipyparallel as ipp
import pytest

from harness.triage.native import asked_for, own_frames


@ipp.interactive  # engines don't know this module
def joins_threads_that_come_and_go(file):
    import threading
    from pathlib import Path

    def ends_soon(calls):
        return calls and ends_soon(calls - 1)

    def starts_others():
        while not Path(file).exists():
            thread = threading.Thread(target=ends_soon, args=(20,))
            thread.start()
            thread.join()

    threads = [threading.Thread(target=starts_others) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return "went on"


@ipp.interactive
def holds_the_interpreter():
    import re

    return re.match(r"(\w+\s?)+$", "a" * 60 + "!")


@ipp.interactive
def forgets_the_handler():
    import signal

    signal.signal(signal.SIGUSR1, signal.SIG_DFL)


@ipp.interactive
def blocks_the_signal():
    import signal

    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])


def test_an_engine_whose_threads_come_and_go_outlives_that_its_stack_is_asked_for(cluster, tmp_path):
    file = tmp_path / "go on"
    with cluster.client() as client:
        answer = client[0].apply_async(joins_threads_that_come_and_go, str(file))
        told = [asked_for(cluster.engines[0], 10) for _ in range(300)]
        file.touch()
        assert answer.get(20) == "went on"
    others = ("ends_soon", "starts_others")
    assert all(text and not any(name in text for name in others) for text in told)
    assert [frame["function"] for frame in own_frames(told[-1])] == ["joins_threads_that_come_and_go"]


def test_an_engine_whose_interpreter_is_held_tells_the_line(cluster, eventually):
    engine = cluster.engines[0]
    with cluster.client() as client:
        answer = client[0].apply_async(holds_the_interpreter)
        eventually(lambda: "in holds_the_interpreter" in asked_for(engine, 10))
        cluster.replace(0)
        with pytest.raises(Exception, match="died while running"):
            answer.get(timeout=20)


@pytest.mark.parametrize("change", [forgets_the_handler, blocks_the_signal])
def test_an_engine_that_the_signal_would_end_or_not_reach_is_left_alone(cluster, change):
    engine = cluster.engines[0]
    with cluster.client() as client:
        client[0].apply_sync(change)
        assert asked_for(engine, 10) == ""
        assert client[0].apply_async(os.getpid).get(10) == engine.pid
        cluster.replace(0)
    assert asked_for(engine, 10) == ""
