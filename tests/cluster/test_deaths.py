"""An engine's end is told at once, with its cause and last words, and the engine comes back under its id."""

import os
import signal
import threading
from collections.abc import Callable

import pytest
from ipyparallel import interactive

from harness.cluster import Cluster, Death
from harness.errors import BadInput


@interactive
def die(how: str) -> None:
    import os
    import signal

    print("last words")
    if how == "exit":
        os._exit(5)
    os.kill(os.getpid(), getattr(signal, how))
    signal.pause()


@interactive
def hold(seconds: float) -> int:
    import os
    import time

    time.sleep(seconds)
    return os.getpid()


@interactive
def pid() -> int:
    import os

    return os.getpid()


@pytest.mark.parametrize(
    ("how", "exit_code", "number"),
    [("exit", 5, None), ("SIGKILL", None, signal.SIGKILL), ("SIGSEGV", None, signal.SIGSEGV)],
)
def test_a_death_is_told_with_exit_code_or_signal_and_what_was_printed_before(
    cluster: Cluster, eventually: Callable[..., None], how: str, exit_code: int | None, number: int | None
) -> None:
    told: list[Death] = []
    unsubscribe = cluster.on_death(told.append)
    dying = cluster.engines[1]
    with cluster.client() as client, pytest.raises(Exception, match="died while running"):
        client[1].apply_async(die, how).get(timeout=20)
    eventually(lambda: told)
    unsubscribe()
    [death] = told
    assert (death.engine, death.pid, death.exit_code, death.signal) == (1, dying.pid, exit_code, number)
    assert death.signal_name == (signal.Signals(number).name if number else None)
    assert not death.requested
    assert death in cluster.deaths()
    assert death.output is not None
    words = death.output.read_text()
    assert "last words" in words
    assert ("Fatal Python error: Segmentation fault" in words) == (how == "SIGSEGV")


def test_a_load_balanced_view_learns_of_a_death_before_ipyparallels_five_seconds(cluster: Cluster) -> None:
    with cluster.client() as client, pytest.raises(Exception, match="died while running"):
        client.load_balanced_view().apply_async(die, "exit").get(timeout=4)


def test_an_engine_is_replaced_under_its_id_while_another_works_on(cluster: Cluster) -> None:
    before = cluster.engines
    with cluster.client() as client:
        working = client[0].apply_async(hold, 0.7)
        cluster.replace(1)
        # the same client and an old view address the new process
        assert client[1].apply_async(pid).get(timeout=20) == cluster.engines[1].pid != before[1].pid
        assert client.ids == [0, 1]
        assert working.get(timeout=20) == before[0].pid
    assert cluster.deaths()[-1].requested
    assert cluster.deaths()[-1].pid == before[1].pid


def test_a_dead_engine_is_replaced_and_others_see_it_in_a_load_balanced_view(cluster: Cluster) -> None:
    with cluster.client() as client:
        view = client.load_balanced_view()
        for _ in range(2):
            lost = cluster.engines[0]
            os.kill(lost.pid, signal.SIGKILL)
            cluster.replace(0)
            assert cluster.engines[0].pid != lost.pid
            assert set(view.map_async(hold, [0.05] * 8).get(timeout=30)) <= {
                each.pid for each in cluster.engines.values()
            }


def test_engines_are_replaced_from_a_death_callback_and_by_several_threads(
    cluster: Cluster, eventually: Callable[..., None]
) -> None:
    before = {each.pid for each in cluster.engines.values()}
    unsubscribe = cluster.on_death(lambda death: None if death.requested else cluster.replace(death.engine))
    threads = [threading.Thread(target=os.kill, args=(pid, signal.SIGKILL)) for pid in before]
    for thread in threads:
        thread.start()
    eventually(lambda: len({each.pid for each in cluster.engines.values()} - before) == 2, 20)
    unsubscribe()
    cluster.resize(2)
    with cluster.client() as client:
        assert not set(client[:].apply_async(pid).get(timeout=20)) & before


def test_a_callback_that_raises_does_not_keep_others_from_hearing(
    cluster: Cluster, eventually: Callable[..., None]
) -> None:
    told: list[int] = []
    unsubscribe = [cluster.on_death(lambda _: 1 / 0), cluster.on_death(lambda death: told.append(death.engine))]
    os.kill(cluster.engines[0].pid, signal.SIGKILL)
    eventually(lambda: told == [0])
    for each in unsubscribe:
        each()


def test_an_engine_that_is_ended_is_gone_for_open_clients_too_until_it_is_replaced(cluster: Cluster) -> None:
    before = cluster.engines[1]
    with cluster.client() as client:
        cluster.end(1)
        assert (sorted(cluster.engines), client.ids) == ([0], [0])
        assert [(death.pid, death.requested) for death in cluster.deaths()[-1:]] == [(before.pid, True)]
        cluster.end(1)
        cluster.replace(1)
        assert client[1].apply_sync(os.getpid) == cluster.engines[1].pid != before.pid


def test_replacing_an_engine_that_never_was_is_refused(cluster: Cluster) -> None:
    with pytest.raises(BadInput, match="no engine 77"):
        cluster.replace(77)


def test_a_stuck_engine_tells_its_stack_to_sigusr1(cluster: Cluster, eventually: Callable[..., None]) -> None:
    engine = cluster.engines[0]
    assert engine.stacks is not None
    with cluster.client() as client:
        stuck = client[0].apply_async(hold, 60)
        eventually(lambda: _asked_for_stack(engine.pid, engine.stacks))
        cluster.replace(0)
        with pytest.raises(Exception, match="died while running"):
            stuck.get(timeout=20)


def _asked_for_stack(pid: int, stacks: object) -> bool:
    from pathlib import Path

    os.kill(pid, signal.SIGUSR1)
    return "in hold" in Path(str(stacks)).read_text()
