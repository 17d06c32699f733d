"""A death for want of memory is told from others, by what the kernel and the process itself say; nothing is guessed."""

import os
from pathlib import Path

import psutil
import pytest

from harness.recorder import Target
from harness.triage import execute, memory
from tests.programs import HERE


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kernel of the test's own: its log, and a memory group for this process."""
    (tmp_path / "log").write_text("")
    group = tmp_path / "groups" / "memory"
    group.mkdir(parents=True)
    (group / "memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")
    monkeypatch.setattr(memory, "KERNEL_LOG", tmp_path / "log")
    monkeypatch.setattr(memory, "GROUPS", tmp_path / "groups")
    return tmp_path


def test_a_kill_that_the_kernel_logged_is_for_memory(kernel):
    (kernel / "log").write_text("3,1,2,-;Out of memory: Killed process 77 (ipengine-1) total-vm:9kB\n")
    watch = memory.begin([])
    assert "kernel's log" in memory.evidence(watch, 77, True, None, [])
    assert memory.evidence(watch, 7, True, None, []) == ""
    assert memory.evidence(watch, 77, False, None, []) == ""


def test_a_kill_that_the_control_group_counted_is_for_memory(kernel):
    pid = os.getpid()
    if "memory:" not in Path("/proc/self/cgroup").read_text():
        (kernel / "groups" / "memory" / "memory.oom_control").rename(kernel / "groups" / "memory.events")
    watch = memory.begin([pid])
    assert memory.evidence(watch, pid, True, None, []) == ""
    for counted in kernel.rglob("memory.[oe]*"):
        counted.write_text("oom_kill 3\n")
    assert "control group" in memory.evidence(watch, pid, True, None, [])


def test_a_kill_without_a_sign_of_want_is_none_unless_it_had_nearly_all(kernel):
    total = psutil.virtual_memory().total
    assert memory.evidence(memory.begin([]), 7, True, total // 2, ["MemoryError"]) == ""
    assert "95% of the machine's memory" in memory.evidence(memory.begin([]), 7, True, int(total * 0.951), [])


def test_what_the_process_said_at_its_end_counts(cluster, tmp_path):
    target = Target(HERE / "trouble.py", "trouble")
    run = execute(target, cluster, tmp_path, arguments=("want_of_memory",), deadline=20)
    [death] = run.outcome.deaths
    assert (death.signal_name, death.function) == ("SIGABRT", "want_of_memory")
    assert "std::bad_alloc" in death.out_of_memory
    assert "out of memory" in run.outcome.reason
    assert 100 * 2**20 < death.memory < psutil.virtual_memory().total


def test_a_death_of_other_causes_is_not_for_memory(cluster, tmp_path):
    target = Target(HERE / "trouble.py", "trouble")
    run = execute(target, cluster, tmp_path, arguments=("leave_one",), deadline=20)
    assert [death.out_of_memory for death in run.outcome.deaths] == [""]
