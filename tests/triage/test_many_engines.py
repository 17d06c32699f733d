"""As many engines as a large machine has cores: they start, each is given a recorded task, and none of them stays."""

import os

from harness import cluster
from harness.triage import record

MANY = 64


def test_64_engines_start_each_is_given_a_recorded_task_and_nothing_of_them_stays(running):
    with cluster.start(MANY, deadline=120) as engines, engines.client() as client:
        pids = engines.alive_pids()
        with record(client, cluster=engines, deadline=120) as recorded:
            answered = client[:].apply_async(os.getpid).get(timeout=120)
    assert len(set(answered)) == MANY
    assert set(answered) <= set(pids)
    assert recorded.run.outcome.outcome == "ok"
    assert recorded.run.engines == list(range(MANY))
    assert recorded.run.outcome.counters["tasks"] == MANY
    assert running(pids) == []
