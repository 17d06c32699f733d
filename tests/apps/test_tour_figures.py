"""What the tour derives from its measurements, and what it says about them."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from harness.analysis.sequential import Analysis
from harness.analysis.statistics import Statistics
from harness.apps.tour import figures
from harness.apps.tour.cores import Sample
from harness.apps.tour.explain import explain
from harness.apps.tour.screen import line_of_blocks
from harness.apps.tour.speedup import EngineTime, Measured, engine_time
from harness.apps.tour.steps import Span


def measured(**changes) -> Measured:
    """A good run on a quiet machine of two cores; `changes` make it another."""
    values = {
        "cores": 2,
        "engines": 2,
        "tweets": 120_000,
        "alone_start_up": 4.0,
        "alone": 10.0,
        "cluster_start": 1.0,
        "engines_start_up": 5.0,
        "parallel": 5.2,
        "at_once": 10.2,
        "sentiment": 3.0,
        "sentiment_on_all_threads": 2.0,
        "others": 0.0,
        "engine_times": (EngineTime(0, 10, 5.0, 0.1, 5.0, 0.1), EngineTime(1, 10, 5.0, 0.1, 4.9, 0.2)),
    }
    return Measured(**(values | changes))


def test_figures_follow_from_the_times():
    m = measured()
    assert m.speed_up == pytest.approx(10 / 5.2)
    assert m.efficiency == pytest.approx(10 / 5.2 / 2)
    assert m.ceiling == pytest.approx(2 * 10 / 10.2)
    assert m.of_ceiling == pytest.approx(10.2 / (2 * 5.2))
    assert m.cold_speed_up == pytest.approx(14 / 11.2)
    assert m.alone_on_all_threads == pytest.approx(9.0)


def task(submitted: float, started: float, completed: float) -> dict[str, datetime]:
    times = {"submitted": submitted, "started": started, "completed": completed}
    return {name: datetime.fromtimestamp(time, UTC) for name, time in times.items()}


def test_an_engines_time_is_told_apart_as_compute_transfer_and_idle():
    run = Span("parallel", 100.0, 110.0)
    tasks = [task(104.0, 104.5, 107.5), task(100.5, 101.0, 103.0)]
    spans = [Span("lemmas", 101.5, 102.5), Span("lemmas", 105.0, 107.0)]
    found = engine_time(3, Span("start-up", 90.0, 94.0), tasks, spans, run)
    # Idle: until the first part was submitted, from the first result to the second submission, after the last.
    assert (found.engine, found.parts) == (3, 2)
    assert (found.start_up, found.compute) == (4.0, 3.0)
    assert found.idle == pytest.approx(0.5 + 1.0 + 2.5)
    assert found.transfer == pytest.approx(10 - 3.0 - 4.0)


def test_an_engine_without_parts_was_idle_all_the_time():
    found = engine_time(0, Span("start-up", 0.0, 1.0), [], [], Span("parallel", 100.0, 110.0))
    assert (found.transfer, found.compute, found.idle) == (0.0, 0.0, 10.0)


UNEVEN = (EngineTime(0, 10, 5.0, 0.1, 2.0, 3.0), EngineTime(1, 10, 5.0, 0.1, 5.0, 0.0))
SENT = (EngineTime(0, 10, 5.0, 1.2, 4.0, 0.0), EngineTime(1, 10, 5.0, 1.2, 4.0, 0.0))


@pytest.mark.parametrize(
    ("run", "said", "unsaid"),
    [
        (measured(), ["1.92 times as fast", "hardly stands in the way", "end together"], ["idle for", "one core"]),
        (measured(cores=1, alone=5.3), ["has one core", "1.02"], ["all threads"]),
        (measured(engines=4, at_once=20.0, parallel=5.1), ["more engines than cores, 4 on 2"], ["hardly"]),
        (
            measured(at_once=14.0, parallel=7.2, others=0.8),
            ["other programs kept 0.8 of the 2 cores busy", "measure again"],
            ["hardly"],
        ),
        (measured(at_once=14.0, parallel=7.2), ["share caches"], ["other programs"]),
        (measured(at_once=14.0), ["the engines pass", "measure again"], ["hardly"]),
        (measured(engine_times=UNEVEN), ["not shared evenly", "waiting for engine 1"], ["end together"]),
        (measured(engine_times=SENT), ["Sending parts and results took 23%"], ["end together"]),
        (measured(parallel=0.4), ["So short a run says little"], []),
        (measured(engines_start_up=15.0), ["the engines are slower", "from analysis 3 on they are ahead"], []),
        (measured(), ["of the speed-up 1.25 is left"], ["slower"]),
        (measured(parallel=4.96), ["below zero"], ["no number of engines"]),
        (measured(parallel=11.0), ["above one"], ["no number of engines"]),
        (measured(), ["Karp–Flatt serial fraction is 4.0%", "25.0 times as fast"], []),
        (measured(), ["9.0 s, 1.11 times as fast without"], []),
        (measured(sentiment_on_all_threads=3.1), ["10.1 s, no faster"], ["without a line changed"]),
    ],
)
def test_the_paragraph_explains_this_run(run, said, unsaid):
    paragraph = explain(run)
    assert "\n" not in paragraph
    for words in said:
        assert words in paragraph
    for words in unsaid:
        assert words not in paragraph


def test_the_analysis_after_which_engines_are_ahead_is_the_first_one_where_they_are():
    run = measured(engines_start_up=15.0)
    ahead = [
        n
        for n in range(1, 10)
        if run.cluster_start + run.engines_start_up + n * run.parallel < run.alone_start_up + n * run.alone
    ]
    assert f"from analysis {ahead[0]} on" in explain(run)


def test_blocks_are_as_high_as_cores_are_busy_and_never_too_many():
    phase = Span("phase", 0.0, 1000.0)
    half = [Sample(float(second), 1.0, 2.0) for second in range(10)]
    assert line_of_blocks(half, phase, cores=2) == "▄" * 10
    assert line_of_blocks([Sample(0.0, 0.0, 0.0), Sample(1.0, 2.0, 2.0)], phase, cores=2) == " █"
    assert line_of_blocks([Sample(0.0, 2.7, 2.7)], phase, cores=2) == "█"
    assert 12 <= len(line_of_blocks(half * 100, phase, cores=2)) <= 24
    assert line_of_blocks([], phase, cores=2) == ""


@pytest.mark.parametrize(
    "found",
    [
        {"amzn": Analysis(), "unknown": Analysis()},
        {"amzn": Analysis(Statistics(tweets=1), Counter({"株価": 2, "$x$": 1}), [None])},
        {
            "nflx": Analysis(
                Statistics(tweets=1, by_hour=Counter({datetime(2016, 4, 1, 9): 1})), Counter(good=1), [True]
            )
        },
    ],
)
@pytest.mark.parametrize("chart", [figures.tweets_per_hour, figures.lemma_histograms, figures.sentiments])
@pytest.mark.filterwarnings("error", "ignore:Glyph")
def test_charts_can_be_drawn_of_little_and_of_nothing(chart, found, tmp_path):
    chart(found).savefig(tmp_path / "chart.png")
    assert (tmp_path / "chart.png").stat().st_size > 1000
