"""What is noted of a task besides its computing: imports, files it reads, threads; and nothing that it would notice."""

import multiprocessing
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.engine.costs import Costs


@pytest.fixture
def costs():
    costs = Costs(closely=True)
    with costs.in_place():
        yield costs


@pytest.fixture
def noted(costs):
    """What is noted of a function when it is called as a task."""

    def call(work):
        costs.begin()
        work()
        return costs.stop()

    return call


def test_an_import_counts_once_with_what_it_imports_itself(noted, tmp_path, monkeypatch):
    (tmp_path / "outer_lexicon.py").write_text("import inner_lexicon\n")
    (tmp_path / "inner_lexicon.py").write_text("open(__file__).read()\n")
    monkeypatch.syspath_prepend(tmp_path)
    found = noted(lambda: __import__("outer_lexicon"))
    assert found["imports"][0] == 1
    assert found["imports"][1] > 0
    assert "loads" not in found
    assert "imports" not in noted(lambda: __import__("outer_lexicon"))


def test_a_failed_import_has_the_traceback_that_it_has_without_us(costs):
    def failed() -> list[str]:
        try:
            import no_such_lexicon  # noqa: F401
        except ImportError as error:
            return [frame.name for frame in traceback.extract_tb(error.__traceback__)]
        return []

    costs.begin()
    seen = failed()
    costs.stop()
    assert seen == failed() == ["failed"]


def test_files_are_loads_when_they_are_opened_to_be_read(noted, tmp_path):
    lexicon = tmp_path / "lexicon.txt"

    def reads() -> None:
        lexicon.read_text()

    lexicon.write_text("down -1\n")
    assert noted(reads)["loads"] == [1, 8, 0]
    assert noted(lambda: [reads(), reads()])["loads"] == [2, 16, 2]
    assert "loads" not in noted(lambda: lexicon.open("a").close())
    assert "loads" not in noted(lambda: lexicon.write_text("up 1\n"))


def test_what_is_not_there_raises_as_ever(noted, tmp_path):
    def reads() -> None:
        with pytest.raises(FileNotFoundError):
            (tmp_path / "missing").read_text()

    assert "loads" not in noted(reads)


def test_between_tasks_and_afterwards_nothing_is_noted(costs, tmp_path):
    file = tmp_path / "file"
    file.write_text("x")
    costs.begin()
    costs.stop()
    file.read_text()
    costs.begin()
    assert "loads" not in costs.stop()
    assert costs.stop() is None


def test_threads_that_are_there_at_one_time_are_counted(noted):
    go = threading.Event()

    def work() -> None:
        with ThreadPoolExecutor(3) as pool:
            waiting = [pool.submit(go.wait, 10) for _ in range(3)]
            go.set()
            assert all(one.result() for one in waiting)

    def one_thread() -> None:
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()

    assert noted(work)["threads"] == 3
    assert "threads" not in noted(one_thread)


@pytest.mark.skipif(sys.platform != "linux", reason="the CPU time of single threads is read from /proc")
def test_threads_of_a_library_count_when_they_work(noted):
    numpy = pytest.importorskip("numpy")
    threadpoolctl = pytest.importorskip("threadpoolctl")
    if max((pool["num_threads"] for pool in threadpoolctl.threadpool_info()), default=1) < 2:
        pytest.skip("this numpy has one thread only")
    table = numpy.random.default_rng(1).random((1200, 1200))

    def work() -> None:
        for _ in range(5):
            table @ table

    assert noted(work)["threads"] >= 2


@pytest.mark.skipif(sys.platform != "linux", reason="the CPU time of single threads is read from /proc")
def test_a_pool_that_starts_and_has_no_work_does_not_count():
    pytest.importorskip("numpy")
    pytest.importorskip("threadpoolctl")
    with multiprocessing.get_context("fork").Pool(1) as forked:  # where numpy's pool starts at its first use
        assert "threads" not in forked.apply_async(_noted_of_one_thread).get(timeout=30)


def _noted_of_one_thread():
    import numpy
    from threadpoolctl import threadpool_limits

    costs = Costs(closely=True)
    table = numpy.ones((300, 300))
    with costs.in_place():
        costs.begin()
        with threadpool_limits(limits=1, user_api="blas"):
            for _ in range(50):
                table @ table
        return costs.stop()
