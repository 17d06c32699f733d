"""The tour as a whole on small tables, and the processes and samples that it is made of."""

import io
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from matplotlib.image import imread
from rich.console import Console

from harness.apps import bench_tour, tour
from harness.apps.tour.alone import Alone
from harness.apps.tour.cores import Sampler
from harness.apps.tour.journey import Journey
from harness.errors import BadInput, CannotWork
from harness.inputs.making import make_tables

ROWS = 60


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small tables of the four companies."""
    folder = tmp_path_factory.mktemp("tweets")
    for _ in make_tables(folder, rows=ROWS, seed=7):
        pass
    return folder


class Taken:
    """A tour that was taken: its journey, what it printed, where its charts are, the processes it left."""

    def __init__(self, folder: Path, figures: Path) -> None:
        screen = io.StringIO()
        self.figures = figures
        before = set(psutil.Process().children(recursive=True))
        self.journey: Journey = tour.run(Console(file=screen, width=100), engines=2, folder=folder, figures=figures)
        self.printed = screen.getvalue()
        self.words = " ".join(self.printed.split())
        self.left = set(psutil.Process().children(recursive=True)) - before


@pytest.fixture(scope="module")
def taken(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    return Taken(small, tmp_path_factory.mktemp("figures") / "new")


@pytest.mark.heavy
def test_both_ways_are_taken_and_agree(taken: Taken):
    journey = taken.journey
    assert journey.agree
    assert [found.statistics.tweets for found in journey.one_process.found.values()] == [ROWS] * 4
    assert journey.measured.tweets == 4 * ROWS
    assert "Both ways found exactly the same" in taken.words


@pytest.mark.heavy
def test_every_part_and_every_second_of_each_engine_is_accounted_for(taken: Taken):
    measured = taken.journey.measured
    parts = 4 * 2  # of the four companies, whose tables are too short to be cut further, on two engines
    assert sum(each.parts for each in measured.engine_times) == parts
    for each in measured.engine_times:
        assert each.transfer + each.compute + each.idle == pytest.approx(measured.parallel, rel=0.01, abs=0.01)
        assert each.start_up > 0
    steps = [span.step for spans in taken.journey.engines.middle.spans for span in spans]
    assert sorted(steps) == sorted(["statistics", "lemmas", "sentiment"] * parts)


@pytest.mark.heavy
@pytest.mark.parametrize(
    "promise",
    [
        "one process: the three tasks",
        "2 engines: the three tasks",
        "speed-up",
        "efficiency",
        "Karp–Flatt serial fraction",
        "of the ceiling",
        "TensorFlow on all threads",
        "imports and model",
        "transfer",
        "compute",
        "idle",
        "Cores busy",
        "every engine imports TensorFlow",
        "Charts in",
    ],
)
def test_the_screen_shows(taken: Taken, promise: str):
    assert promise in taken.words


@pytest.mark.heavy
def test_nothing_of_keras_or_escape_codes_gets_on_the_screen(taken: Taken):
    assert not re.search(r"oneDNN|absl|CUDA|keras|\x1b", taken.printed)


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["tweets_per_hour", "lemmas", "sentiment", "cores", "timeline"])
def test_charts_are_saved_and_show_something(taken: Taken, name: str):
    pixels = imread(taken.figures / f"{name}.png")
    assert min(pixels.shape[:2]) > 200
    assert pixels[..., :3].std() > 0.05
    assert f"{name}.png" in taken.words


@pytest.mark.heavy
def test_no_process_outlives_the_tour(taken: Taken):
    alive = [each for each in taken.left if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    assert [each.cmdline() for each in alive if "resource_tracker" not in " ".join(each.cmdline())] == []


@pytest.mark.heavy
def test_the_direct_way_finds_the_same_and_both_are_timed(small: Path):
    found = bench_tour.against_direct(small, rows=40)
    assert found["tweets"] == 160
    assert found["labels that differ"] == 0
    assert found["times as fast"] == pytest.approx(
        found["seconds, the direct way"]["all"] / found["seconds, the sequential tour"]["all"]
    )


@pytest.mark.heavy
def test_engines_are_compared_with_processes_that_share_nothing(small: Path):
    found = bench_tour.against_independent(small, rounds=1)
    assert found["speed-up"] == pytest.approx(found["seconds alone"]["median"] / found["seconds shared"]["median"])
    assert found["speed-up of ceiling"] == pytest.approx(
        found["seconds at once"]["median"] / (2 * found["seconds shared"]["median"])
    )


def test_missing_tweets_are_said_before_anything_is_started(tmp_path: Path):
    screen = io.StringIO()
    with pytest.raises(BadInput, match="run `harness data make`"):
        tour.run(Console(file=screen), folder=tmp_path)
    assert screen.getvalue() == ""


@pytest.fixture
def alone() -> Iterator[Alone]:
    with Alone() as process:
        yield process


def test_a_process_of_its_own_answers_until_the_block_ends():
    with Alone() as alone:
        assert alone.call(os.getpid, timeout=30) == alone.pid != os.getpid()
        assert alone.call(abs, -2, timeout=30) == 2
        process = psutil.Process(alone.pid)
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_what_its_call_raises_is_raised_here(alone: Alone):
    with pytest.raises(ZeroDivisionError):
        alone.call(divmod, 1, 0, timeout=30)
    assert alone.call(abs, -2, timeout=30) == 2


def test_its_death_is_told_with_the_exit_code(alone: Alone):
    with pytest.raises(CannotWork, match=f"exit code -{int(signal.SIGKILL)}"):
        alone.call(signal.raise_signal, signal.SIGKILL, timeout=30)


def test_it_is_not_waited_for_beyond_the_deadline(alone: Alone):
    with pytest.raises(CannotWork, match="not done after"):
        alone.call(time.sleep, 60, timeout=0.1)


def test_the_cores_kept_busy_are_those_of_this_process_and_of_processes_followed(alone: Alone, eventually):
    with Sampler(interval=0.05) as sampler:
        alone.call(abs, 1, timeout=30)
        assert alone.pid is not None
        sampler.follow([alone.pid])
        alone.begin(sum, range(10**9))
        eventually(lambda: any(sample.ours > 0.1 for sample in sampler.samples), deadline=30)
    assert "cores" not in [thread.name for thread in threading.enumerate()]
