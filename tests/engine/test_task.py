"""What a task costs, phase by phase."""

from harness.engine.task import Task


def test_a_task_that_raised_before_it_began_has_run_for_no_time():
    task = Task(1)
    task.marks["ran"] = task.started + 1e-9  # as when its dependency is not met, or its arguments can't be unpacked
    seconds = task.cost()["seconds"]
    assert seconds["run"] == seconds["wait"] == 0
    assert min(seconds.values()) >= 0
