"""The benchmark of what recording costs measures what it says, for as many tasks as it is told."""

from harness.apps import bench_overhead


def test_tiny_failing_and_growing_numbers_of_tasks_are_measured():
    figures = bench_overhead.run(tasks=20, failing=5, rounds=1, growth=(10, 30))
    tiny, failing, growth = (figures[name] for name in ("CPU of 20 tiny tasks", "CPU of 5 failing tasks", "growth"))
    assert isinstance(tiny["at most 0.5 ms more"], bool)
    assert isinstance(failing["cheaper than bare"], bool)
    assert growth["30 tasks"]["ms a task"] > 0
    assert set(growth) == {"10 tasks", "30 tasks", "last against first, a task"}
