"""PERFORMANCE.md: it is what its figures make it, and measuring one benchmark again keeps the others."""

import json
from math import inf, sqrt

import pytest

from harness.apps import performance
from harness.apps.measured import growth, interval_of_mean, interval_of_median, machine, spread
from harness.cli import main
from harness.places import CLONE

FIGURES = {
    "rounds": 3,
    "seconds": spread([1.5, 1.0, 2.0]),
    "tools": {
        "this one": {"warm": spread([5.0, 5.5]), "sent": 10.5},
        "another|one": {"warm": spread([6.0]), "sent": "not measured"},
        "a third": "not installed",
    },
    "growth": {"10 tasks": {"ms": 1.0}, "20 tasks": {"ms": 1.25}, "last against first": 1.25},
    "needed": {"fast enough": True, "small enough": False},
    "holds": False,
}


def test_the_page_is_what_its_figures_make_it():
    assert (CLONE / performance.PAGE).read_text(encoding="utf-8") == performance.page(CLONE / performance.FOLDER)


def test_measuring_one_benchmark_again_keeps_the_others(workspace):
    performance.keep(workspace, "start", "How soon?", machine(), {"seconds": 0.5})
    performance.keep(workspace, "peers", "How fast?", machine(), FIGURES)
    performance.keep(workspace, "start", "How soon?", machine(), {"seconds": 0.25})
    written = (workspace / performance.PAGE).read_text(encoding="utf-8")
    assert written == performance.page(workspace / performance.FOLDER)
    assert written.index("## peers") < written.index("## start")
    assert "| seconds | 0.25 |" in written
    assert "| seconds | 0.5 |" not in written
    assert json.loads((workspace / "benchmarks" / "peers.json").read_text())["figures"] == FIGURES


def test_spreads_groups_and_what_is_needed_are_shown_as_tables(workspace):
    performance.keep(workspace, "peers", "How fast?", machine(), FIGURES)
    written = performance.page(workspace / performance.FOLDER)
    for line in (
        "How fast?",
        "| rounds | 3 |",
        "| seconds | 1.5 (1 to 2) |",
        "|  | warm | sent |",
        "| this one | 5.25 (5 to 5.5) | 10.5 |",
        "| another\\|one | 6 (6 to 6) | not measured |",
        "| a third | not installed |  |",
        "| last against first | 1.25 |",
        "| 20 tasks | 1.25 |",
        "| fast enough | yes |",
        "| small enough | **no** |",
        "**What is needed did not hold.**",
    ):
        assert line in written.splitlines()
    assert "load at the start" in written


def test_no_page_is_written_into_a_project_that_is_no_clone(workspace, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["bench", "--page"])
    assert ended.value.code == 2
    assert "is no clone of the project" in capsys.readouterr().err
    assert list(workspace.iterdir()) == []


def test_the_interval_of_a_mean_is_students_and_growth_an_exponent():
    low, high = interval_of_mean([1.0, 2.0, 3.0])
    assert (low, high) == pytest.approx((2 - 4.303 / sqrt(3), 2 + 4.303 / sqrt(3)))
    assert interval_of_mean([1.0]) == (-inf, inf)
    assert growth([10, 100], [3.0, 300.0]) == pytest.approx(2)
    assert growth([10, 50, 100], [3.0, 7.0, 3.0]) == pytest.approx(0)


def test_the_interval_of_a_median_leaves_out_as_many_at_both_ends_as_the_binomial_distribution_allows():
    # Conover's table: of 10 values the second and the ninth, of 20 the sixth and the fifteenth; of 5 there is none.
    assert interval_of_median([float(number) for number in range(10, 0, -1)]) == (2.0, 9.0)
    assert interval_of_median([float(number) for number in range(1, 21)]) == (6.0, 15.0)
    assert interval_of_median([1.0, 2.0, 3.0, 4.0, 5.0]) == (-inf, inf)
