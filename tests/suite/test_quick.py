"""The quick part of the labelled suite, judged by the harness; `harness bench triage` runs all of it."""

from harness.apps import bench_triage
from harness.cli.bench import lines


def test_the_quick_part_of_the_suite_is_judged_rightly_and_leaves_nothing():
    figures = bench_triage.run(quick=True)
    assert figures["cases"] >= 20
    assert figures["holds"], "\n".join(lines(figures))
