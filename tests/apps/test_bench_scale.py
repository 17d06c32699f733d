"""`harness bench scale` and `logs` measure what they say, for as much as they are told."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from harness.apps import bench_logs, bench_scale


def test_more_tasks_and_more_engines_are_recorded_and_their_growth_told():
    # in a process of its own, as `harness bench` is: what other tests left in this one's memory comes and goes
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        figures = alone.submit(bench_scale.run, tasks=(20, 40), engines=(1, 2), rows=()).result(200)
    assert list(figures["tasks"]) == ["20", "40", "growth"]
    assert figures["tasks"]["40"]["run directory, MB"] > figures["tasks"]["20"]["run directory, MB"] > 0
    assert 0.5 < figures["tasks"]["growth"]["run directory, MB"] < 1.5
    assert figures["engines"]["2"]["memory, MB"] > figures["engines"]["1"]["memory, MB"] > 10


def test_the_commands_are_called_and_their_lines_counted():
    figures = bench_logs.run(runs=3, lines=800, repeats=1)
    assert set(figures["seconds of a command"]) == {"Python alone", "--help", "list", "runs"}
    merged = figures["harness logs --merge, 8 engines"]["all"]
    assert merged["lines a second"]["median"] * merged["seconds"]["median"] > 799
    assert figures["needed"]["memory, below 200 MB"] is True
