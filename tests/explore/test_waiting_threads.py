"""What threads of one engine wait with is seen in a search: each wait that can be endless is proven so, none other."""

import re
from pathlib import Path

import pytest

from harness.cluster import Cluster
from harness.explore import opened, search
from harness.recorder import Target

PROGRAM = Path(__file__).parent.parent / "programs" / "waiting_threads.py"
NAMES = [*re.findall(r"^def (\w+)\(\):", PROGRAM.read_text(), re.M), "semaphore", "queues", "barrier", "condition"]
BROKEN = {
    "broken_event": ("deadlock", "waits for task 1's event 1, and nobody is left"),
    "broken_condition": ("deadlock", "waits for task 1's condition 1, and nobody is left"),
    "broken_semaphore": ("exception", "AssertionError"),
    "broken_queues": ("deadlock", "task 1's thread 1 waits for task 1's queue 1, and nobody is left"),
    "broken_barrier": ("deadlock", "task 1's thread 2 waits for task 1's condition 1"),
    "broken_polling": ("livelock", "no end after 2000 steps"),
    "impatient": ("exception", "AssertionError"),
}


def searched(cluster: Cluster, name: str):
    with (
        cluster.client() as client,
        opened(Target(PROGRAM, "waiting_threads"), client, arguments=lambda: (name,)) as session,
    ):
        return search(session, schedules=60, seconds=60)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_wait_that_can_be_endless_is_found(cluster: Cluster, name: str):
    outcome, reason = BROKEN[name]
    failing = searched(cluster, name).failing
    assert failing is not None
    assert (failing.outcome, failing.preemptions) == (outcome, 0)
    assert reason in failing.reason


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(BROKEN)))
def test_a_wait_that_ends_is_not_accused(cluster: Cluster, name: str):
    report = searched(cluster, name)
    assert report.failing is None, report.failing.reason
    assert report.bound >= 0
