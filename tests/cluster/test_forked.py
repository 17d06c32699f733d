"""A forked cluster works as bare ipyparallel does, and tells how engines end."""

import os
import signal

import pytest

from harness.cluster import Cluster, Death


def die(how: str) -> None:
    import os
    import signal

    print("last words", flush=False)
    if how == "exit":
        os._exit(5)
    os.kill(os.getpid(), getattr(signal, how))
    signal.pause()


@pytest.mark.parametrize(
    ("how", "exit_code", "number"),
    [("exit", 5, None), ("SIGKILL", None, signal.SIGKILL), ("SIGSEGV", None, signal.SIGSEGV)],
)
def test_a_death_is_told_with_its_exit_code_or_signal_and_what_was_printed_before(
    cluster: Cluster, how: str, exit_code: int | None, number: int | None
) -> None:
    deaths: list[Death] = []
    unsubscribe = cluster.on_death(deaths.append)
    dying = cluster.engines[1]
    with cluster.client() as client:
        result = client[1].apply_async(die, how)
        with pytest.raises(Exception, match="died while running"):
            result.get(timeout=20)
        cluster.replace(1)
        assert client[1].apply_sync(os.getpid) == cluster.engines[1].pid != dying.pid
    unsubscribe()
    [death] = deaths
    assert (death.engine, death.pid, death.exit_code, death.signal) == (1, dying.pid, exit_code, number)
    assert not death.requested
    assert death.output is not None
    assert "last words" in death.output.read_text()
