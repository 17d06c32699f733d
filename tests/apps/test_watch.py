"""`harness watch`: what it shows when a task is saved, what its keys do, and that it comes back where one was."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import cluster as clusters
from harness.apps.watch import WatchApp, place
from harness.apps.watch.checker import Broken, Checker, Report, Told, Verdict
from harness.apps.watch.saves import Saves
from harness.course import load
from harness.course.workspace import ProgressFile
from harness.places import CLONE

NAME = "01_three_of_four"
DEADLINE = 60.0


@pytest.fixture
def course(workspace: Path) -> Path:
    """A workspace with two exercises and a warm cluster."""
    for part in ("exercises", "solutions"):
        for name in (NAME, "18_a_little_off"):
            shutil.copytree(CLONE / part / name, workspace / part / name)
    shutil.copy(workspace / "solutions" / NAME / "original.py", workspace / "exercises" / NAME / "task.py")
    with clusters.start_warm(2):
        yield workspace
    clusters.stop_warm()


class Ears:
    """What a checker told, and a wait for it."""

    def __init__(self) -> None:
        self.told: list[Told] = []

    def until(self, kind: type[Told]) -> Told:
        limit = time.monotonic() + DEADLINE
        while not (found := [one for one in self.told if isinstance(one, kind)]):
            stuck = kind is not Broken and any(isinstance(one, Broken) for one in self.told)
            assert not stuck, f"no {kind.__name__}: {self.told}"
            assert time.monotonic() < limit, f"no {kind.__name__}: {self.told}"
            time.sleep(0.01)
        return found[-1]


@pytest.fixture
def heard() -> Ears:
    return Ears()


def test_a_failing_task_gets_its_verdict_and_no_report(course: Path, heard: Ears):
    with Checker(heard.told.append) as checker:
        checker.ask(NAME, whole=False)
        verdict = heard.until(Verdict)
        assert (verdict.exercise, verdict.outcome) == (NAME, "exception")
        assert (verdict.folder / "outcome.json").exists()
    assert not [one for one in heard.told if isinstance(one, Report | Broken)]


@pytest.mark.heavy
def test_a_mended_task_is_checked_whole_and_the_check_counts(course: Path, heard: Ears):
    shutil.copy(course / "solutions" / NAME / "task.py", course / "exercises" / NAME / "task.py")
    with Checker(heard.told.append) as checker:
        checker.ask(NAME, whole=False)
        assert heard.until(Verdict).outcome == "ok"
        assert heard.until(Report).passed is False  # the diagnosis is still empty
    assert ProgressFile().read()[NAME].checks == 1
    assert "prediction" in (course / ".harness" / "watch" / "output.txt").read_text()


def test_a_check_that_dies_is_said_and_the_next_one_works(course: Path, heard: Ears):
    task = course / "exercises" / NAME / "task.py"
    shipped = task.read_text()
    task.write_text("import os\nos._exit(3)\n" + shipped)
    with Checker(heard.told.append) as checker:
        checker.ask(NAME, whole=False)
        assert "died" in heard.until(Broken).reason
        heard.told.clear()
        task.write_text(shipped)
        checker.ask(NAME, whole=False)
        assert heard.until(Verdict).outcome == "exception"


def test_leaving_ends_the_process_of_a_check_that_goes_on(course: Path, heard: Ears, running: Callable):
    task = course / "exercises" / NAME / "task.py"
    pid_file = course / "pid"
    task.write_text(f"import os, time\nopen({str(pid_file)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n")
    with Checker(heard.told.append) as checker:
        checker.ask(NAME, whole=False)
        limit = time.monotonic() + DEADLINE
        while not (pid_file.exists() and pid_file.read_text()):
            assert time.monotonic() < limit
            time.sleep(0.01)
    assert running([int(pid_file.read_text())]) == []


@pytest.mark.parametrize("polling", [False, True])
def test_a_saved_file_is_told(tmp_path: Path, polling: bool, monkeypatch, eventually: Callable):
    if polling:
        monkeypatch.setattr("harness.apps.watch.saves.NOTICE", 0.0)  # no system is as quick
    (tmp_path / "task.py").write_text("1")
    saved: list[Path] = []
    with Saves(tmp_path, saved.append) as saves:
        assert saves.polling is polling
        (tmp_path / "task.py").write_text("22")
        eventually(lambda: tmp_path / "task.py" in saved)
        draft = tmp_path / ".task.py.swp"  # as editors do: write beside, then replace
        draft.write_text("333")
        saved.clear()
        draft.replace(tmp_path / "task.py")
        eventually(lambda: tmp_path / "task.py" in saved)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["task.py"]


def drive(course: Path, work: Callable, size: tuple[int, int] = (80, 24)) -> None:
    """Run the application without a terminal while `work(app, pilot)` uses it."""

    async def session() -> None:
        app = WatchApp()
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await work(app, pilot)

    asyncio.run(session())


async def until(pilot, condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < limit
        await pilot.pause(0.02)


def shown(app: WatchApp) -> str:
    """The screen's text."""
    return "\n".join("".join(segment.text for segment in line) for line in app.screen._compositor.render_strips())


def test_saving_a_task_shows_its_verdict(course: Path):
    async def work(app: WatchApp, pilot) -> None:
        await until(pilot, lambda: "The contract" in shown(app))
        task = course / "exercises" / NAME / "task.py"
        limit = time.monotonic() + DEADLINE
        while "EXCEPTION" not in shown(app):
            assert time.monotonic() < limit, shown(app)
            task.write_text(task.read_text())
            await pilot.pause(0.5)

    drive(course, work, (120, 40))


def test_a_check_that_goes_on_while_it_is_left_is_no_error(course: Path, tmp_path: Path):
    said = tmp_path / "said.txt"
    said.write_text("1 passed")
    left: list[WatchApp] = []

    async def work(app: WatchApp, pilot) -> None:
        app._output = said
        left.append(app)

    drive(course, work)
    left[0]._show_output()  # as its clock does until the last of its widgets is gone


def test_every_key_is_shown_in_80_columns_and_every_tab_has_the_run(course: Path):
    async def work(app: WatchApp, pilot) -> None:
        await until(pilot, lambda: "The contract" in shown(app))
        assert all(f" {key} " in shown(app) for key in "nhlrscq")
        await pilot.press("r")
        await until(pilot, lambda: "EXCEPTION" in shown(app) and "AttributeError" in shown(app))
        await pilot.press("tab")
        await until(pilot, lambda: "engine 0" in shown(app) and "engine 1" in shown(app))
        await pilot.press("tab")
        await until(pilot, lambda: "text = nan" in shown(app))
        await pilot.press("h")
        await until(pilot, lambda: "1. " in shown(app) and "more; each check" in shown(app))

    drive(course, work)
    assert place.last() == place.Place(NAME, "hint")


def test_it_comes_back_where_one_was(course: Path):
    place.keep(place.Place("18_a_little_off", "instructions"))

    async def work(app: WatchApp, pilot) -> None:
        await until(pilot, lambda: "A little off" in shown(app))
        await pilot.press("n")
        await until(pilot, lambda: "Three of four" in shown(app))
        await pilot.press("s")
        await until(pilot, lambda: "--give-up" in shown(app))

    drive(course, work)
    assert place.last().exercise == NAME


@pytest.mark.parametrize("content", ["", "[]", '{"exercise": "gone", "tab": "none"}'])
def test_a_damaged_or_outdated_place_is_no_failure(course: Path, content: str):
    (course / ".harness").mkdir(exist_ok=True)
    (course / ".harness" / "watch.json").write_text(content)

    async def work(app: WatchApp, pilot) -> None:
        await until(pilot, lambda: "Three of four" in shown(app))

    drive(course, work)


def test_the_list_is_one_key_away_and_chooses(course: Path):
    async def work(app: WatchApp, pilot) -> None:
        await pilot.press("l")
        await until(pilot, lambda: "18 A little off" in shown(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "18_a_little_off" in shown(app) and "A. It failed" not in shown(app))

    drive(course, work)


def test_without_a_terminal_it_says_what_works_instead(workspace: Path):
    ran = subprocess.run(
        [sys.executable, "-m", "harness", "watch"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ},
    )
    assert ran.returncode == 2
    assert ran.stderr == "harness: `harness watch` needs a terminal; `harness check NUMBER` works without one\n"


def test_an_exercise_is_found_by_number(course: Path):
    assert WatchApp(load("18"))._exercise.name == "18_a_little_off"
