"""Engine logs: records kept whole, filtered, merged without changing any engine's order, followed through rotations."""

import re
import threading
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.engine.sink import EngineLog
from harness.errors import BadInput
from harness.store import Run
from harness.views import logs
from harness.views.follow import follow
from harness.views.logs import Wanted, by_time, one_by_one
from harness.views.records import LONGEST_LINE, MOST_LINES, lines_of, records_of
from tests.golden import golden

MESSAGES = st.lists(st.text(st.characters(categories=["L", "N", "P", "Zs", "Cc"]), max_size=20), max_size=6)


def head(second: int, engine: int = 0, task: str = "1 amzn", level: str = "INFO") -> str:
    minute, second = divmod(second, 60)
    return f"2026-01-01 00:{minute:02d}:{second:02d}.000Z | engine {engine} | task {task} | {level} | m:f:1 | "


def messages(records) -> list[str]:
    return [record.lines[0].rpartition("| ")[2] for record in records]


@settings(max_examples=30)
@given(written=MESSAGES)
def test_what_an_engine_logs_is_read_back_record_by_record(tmp_path_factory, written):
    folder = tmp_path_factory.mktemp("run")
    log = EngineLog(folder / "engine-0.log", 0, lambda: "3 amzn", lambda *_: None)
    for text in written:
        log.write("INFO", "place:of:1", text)
    log.close()
    records = list(one_by_one(Run(folder), Wanted()))
    assert len(records) == len(written)
    for record, text in zip(records, written, strict=True):
        assert (record.engine, record.task, record.level) == (0, 3, "INFO")
        assert len(record.lines) == text.count("\n") + 1


TIMES = st.lists(st.lists(st.integers(0, 200), max_size=8), min_size=1, max_size=4)


@given(times=TIMES)
def test_merging_keeps_every_record_and_each_engines_own_order(tmp_path_factory, times):
    folder = tmp_path_factory.mktemp("run")
    for engine, own in enumerate(times):
        lines = [f"{head(at, engine)}{engine}-{i}\n    more of {engine}-{i}\n" for i, at in enumerate(own)]
        (folder / f"engine-{engine}.log").write_text("".join(lines))
    records = list(by_time(Run(folder), Wanted()))
    for engine, own in enumerate(times):
        mine = [record for record in records if record.engine == engine]
        assert messages(mine) == [f"{engine}-{i}" for i in range(len(own))]
        assert all(record.lines[1] == f"    more of {engine}-{i}" for i, record in enumerate(mine))
    if all(own == sorted(own) for own in times):
        assert [record.time for record in records] == sorted(record.time for record in records)


def test_rotated_files_come_first_in_the_order_of_their_rotation(tmp_path):
    names = ["2026-01-01_00-00-00_000001", "2026-01-01_00-00-00_000001.2", "2026-01-02_00-00-00_000000"]
    for second, name in enumerate([*(f"engine-0.{name}.log" for name in names), "engine-0.log"]):
        (tmp_path / name).write_text(f"{head(second)}{second}\n")
    assert messages(one_by_one(Run(tmp_path), Wanted())) == ["0", "1", "2", "3"]


def test_a_record_that_a_rotation_cut_in_two_is_put_together(tmp_path):
    (tmp_path / "engine-0.2026-01-01_00-00-00_000001.log").write_text(f"{head(0)}first\n    half\n")
    (tmp_path / "engine-0.log").write_text(f"    other half\n{head(1)}second\n")
    first, second = one_by_one(Run(tmp_path), Wanted())
    assert first.lines[1:] == ("    half", "    other half")
    assert second.lines == (f"{head(1)}second",)


def test_records_are_chosen_by_engine_task_and_level():
    run = golden("exception")
    assert {record.engine for record in by_time(run, Wanted(engine=1))} == {1}
    assert {record.task for record in by_time(run, Wanted(task=3))} == {3}
    assert {record.level for record in by_time(run, Wanted(severity=30))} == {"WARNING", "ERROR"}
    [empty] = [record for record in by_time(run, Wanted(severity=30)) if record.level == "WARNING"]
    assert empty.lines[1] == "    nothing to measure"
    assert len(logs.last(by_time(run, Wanted()), 2)) == 2


@pytest.mark.parametrize(
    ("level", "hidden"), [("INFO", True), ("Level 35", False), ("CUSTOM", False), ("Level 5", True)]
)
def test_a_level_that_nobody_knows_is_never_filtered_away(tmp_path, level, hidden):
    (tmp_path / "engine-0.log").write_text(f"{head(0, level=level)}text\n")
    assert (list(by_time(Run(tmp_path), Wanted(severity=30))) == []) is hidden


def test_an_engine_or_task_that_is_not_there_is_said_with_those_that_are():
    with pytest.raises(BadInput, match="has no engine 7; its engines are 0, 1"):
        logs.check(golden("exception"), Wanted(engine=7))
    with pytest.raises(BadInput, match="has no task 99; its tasks are 1 to 5"):
        logs.check(golden("exception"), Wanted(task=99))


def test_a_big_log_is_never_whole_in_memory(tmp_path):
    line = f"{head(0)}{'x' * 900}\n"
    with (tmp_path / "engine-0.log").open("w") as file:
        for _ in range(20_000):
            file.write(line)
    tracemalloc.start()
    count = sum(1 for _ in by_time(Run(tmp_path), Wanted()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 1_000_000 < (tmp_path / "engine-0.log").stat().st_size


def test_endless_lines_and_records_are_bounded_and_say_what_is_left_out(tmp_path):
    path = tmp_path / "engine-0.log"
    path.write_text(f"{head(0)}{'x' * 100_000}\n" + "    more\n" * (MOST_LINES + 10) + f"{head(1)}next\n")
    first, second = records_of(Run(tmp_path), 0)
    assert len(first.lines[0]) < LONGEST_LINE + 100
    assert first.lines[0].endswith("characters more)")
    assert first.lines[-1] == "... 11 lines of this record left out ..."
    assert messages([second]) == ["next"]
    assert len(list(lines_of(path))) == MOST_LINES + 12


def test_lines_before_the_first_record_are_kept(tmp_path):
    (tmp_path / "engine-4.log").write_text(f"    the end of something\n{head(0, 4)}first\n")
    lost, first = by_time(Run(tmp_path), Wanted())
    assert (lost.engine, lost.task, lost.lines) == (4, None, ("    the end of something",))
    assert first.task == 1


def test_raw_output_loses_its_colours_and_keeps_last_words(tmp_path):
    (tmp_path / "engine-0.out").write_bytes(b"\x1b[32mgreen\x1b[0m \x1b]0;title\x07\nFatal Python error\n\xff\n")
    assert list(logs.raw(Run(tmp_path), 0)) == ["green \\x1b]0;title\\x07", "Fatal Python error", "\\xff"]
    assert any(
        "Fatal Python error" in line for line in logs.raw(golden("crash"), golden("crash").outcome.deaths[0].engine)
    )


class Writers:
    """Engines that write records one by one, rotating their logs on the way, until they have said all."""

    def __init__(self, folder, count: int) -> None:
        self.folder, self.count = folder, count
        self.over = threading.Event()
        self.seen = threading.Semaphore(0)
        self.thread = threading.Thread(target=self._write)

    def _write(self) -> None:
        for number in range(self.count):
            for engine in (0, 1):
                path = self.folder / f"engine-{engine}.log"
                with path.open("a") as file:
                    text = f"{head(number, engine)}{engine}-{number}\n    more\n"
                    file.write(text[:20])
                    file.flush()
                    file.write(text[20:])
                if number % 10 == 9:
                    path.rename(self.folder / f"engine-{engine}.2026-01-01_00-00-{number:02d}_000000.log")
            if number % 10 == 5:
                self.seen.acquire(timeout=10)
        self.over.set()


def test_following_shows_every_record_once_in_order_through_rotations_and_ends_with_the_run(tmp_path):
    writers = Writers(tmp_path, 40)
    writers.thread.start()
    found = []
    for record in follow(Run(tmp_path), Wanted(), writers.over.is_set):
        found.append(record)
        writers.seen.release()
    writers.thread.join(10)
    for engine in (0, 1):
        mine = [record for record in found if record.engine == engine]
        assert messages(mine) == [f"{engine}-{number}" for number in range(40)]
        assert all(record.lines[1] == "    more" for record in mine)


def test_following_goes_on_when_the_file_being_read_is_removed(tmp_path):
    path = tmp_path / "engine-0.log"
    path.write_text(f"{head(0)}first\n")
    looks = iter([False, False, False, True])

    def ended() -> bool:
        if (over := next(looks)) or not path.exists():
            path.write_text(f"{head(1)}second\n")
        return over

    found = follow(Run(tmp_path), Wanted(), ended)
    assert messages([next(found)]) == ["first"]
    path.unlink()
    assert messages(found) == ["second"]


def test_following_can_begin_with_the_last_records_only():
    run = golden("exception")
    everything = [record.lines for record in by_time(run, Wanted())]
    followed = list(follow(run, Wanted(), lambda: True))
    assert sorted(record.lines for record in followed) == sorted(everything)
    assert len(list(follow(run, Wanted(engine=0), lambda: True, first=3))) == 3


def test_a_last_line_without_its_newline_is_shown_when_the_run_is_over(tmp_path):
    (tmp_path / "engine-0.log").write_text(f"{head(0)}whole\n{head(1)}par")
    assert messages(follow(Run(tmp_path), Wanted(), lambda: True)) == ["whole", "par"]


def test_every_line_of_the_format_is_understood():
    for name in ("exception", "hang", "crash", "wrong"):
        for record in by_time(golden(name), Wanted()):
            assert re.match(r"\d{4}-\d\d-\d\d ", record.time)
            assert record.task is not None
