"""The benchmark of what recording costs measures what it says, for as many tasks as it is told."""

from harness.apps import bench_overhead


def test_tiny_failing_and_growing_numbers_of_tasks_are_measured():
    figures = bench_overhead.run(
        tasks=20, failing=5, rounds=2, failing_rounds=2, growth=(10, 30), tour_rounds=2, part_rounds=3, rows=40
    )
    tiny = figures["CPU of 20 tiny tasks, 2 rounds"]
    failing = figures["CPU of 5 failing tasks, 2 rounds"]
    growth = figures["growth"]
    assert isinstance(tiny["at most 0.5 ms more"], bool)
    assert isinstance(failing["cheaper than bare"], bool)
    assert growth["up to 30 tasks"]["ms a task, bare"] > 0
    assert growth["up to 30 tasks"]["ms a task, recorded"] > 0
    assert isinstance(growth["at most 1 kB a task"], bool)
    assert isinstance(figures["holds"], bool)
    tour = figures["CPU of the warm tour on engines, 2 rounds, and of its first part, 5 times in 3 rounds"]
    assert isinstance(tour["at most 1% more"], bool)
    within, outside_of_them, all_of_it = (
        tour[f"percent more, recorded, {where}"]["median"]
        for where in ("in them", "outside of the tasks' functions", "in all")
    )
    assert all_of_it == within + outside_of_them
    outside = tour["seconds, bare, outside of the tasks' functions"]
    assert 0 < outside["least"] <= outside["most"] < tour["seconds, bare"]["most"]
