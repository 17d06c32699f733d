"""What pytest is told of exercises, marks to choose them by, and what it tells of them: checks made and passed."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CHAPTERS = "ABCDEFGHIJ"
CAUSES = Path(__file__).parent.parent / "course" / "causes.toml"
FOLDERS = "[0-9][0-9]_*/exercise.toml"


@dataclass
class Checked:
    """One exercise in this session: its tests that have not passed yet, and whether one has failed."""

    open: set[str] = field(default_factory=set)
    failed: bool = False


_CHECKS = pytest.StashKey[dict[Path, Checked]]()
WORKERS = (
    "exercises can't be checked by several workers (-n): they share one cluster and one workspace, "
    "and each other's engines would look busy; leave -n out"
)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks; refuse -n for exercises.

    The course itself is not imported here: this runs in every pytest session of a machine that has the harness.
    """
    for chapter in CHAPTERS:
        config.addinivalue_line("markers", f"chapter_{chapter}: exercises of chapter {chapter}")
    for name in _read(CAUSES):
        config.addinivalue_line("markers", f"{_mark(name)}: exercises whose cause is of the class {name}")
    if getattr(config.option, "numprocesses", None) and any(_holds_exercises(argument) for argument in config.args):
        raise pytest.UsageError(WORKERS)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a test of an exercise by its chapter and cause, and give the chapter to the JUnit report."""
    folder = item.path.parent
    if not (folder / "exercise.toml").is_file():
        return
    marks = _marks(folder)
    for mark in marks:
        item.add_marker(mark)
    item.user_properties += [("exercise", folder.name), ("chapter", marks[0].removeprefix("chapter_"))]
    item.config.stash.setdefault(_CHECKS, {}).setdefault(folder, Checked()).open.add(item.nodeid)


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """A check of which a part was left out counts for nothing."""
    for item in items:
        item.config.stash.get(_CHECKS, {}).pop(item.path.parent, None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """Note how each test of an exercise ended."""
    report = yield
    if (checked := item.config.stash.get(_CHECKS, {}).get(item.path.parent)) is not None:
        checked.failed |= report.failed
        if report.when == "call" and report.passed:
            checked.open.discard(item.nodeid)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remember of each exercise of the workspace that it was checked, and whether it passed."""
    checks = session.config.stash.get(_CHECKS, {})
    if session.config.option.collectonly or not checks:
        return
    from harness import places
    from harness.course.exercise import Exercise
    from harness.course.workspace import note_check

    for folder, checked in checks.items():
        passed = not checked.open
        if (passed or checked.failed) and folder.parent == places.workspace() / "exercises":
            note_check(Exercise(folder), passed=passed)


@cache
def _marks(folder: Path) -> list[str]:
    try:
        marks = [f"chapter_{_read(folder / 'exercise.toml')['chapter']}"]
        answer = _read(folder.parent.parent / "solutions" / folder.name / "diagnosis.toml")
        return [*marks, _mark(answer["cause"]["class"])]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as problem:
        raise pytest.UsageError(f"{folder.name}: {type(problem).__name__}: {problem}; see `harness verify`") from None


def _mark(cause: str) -> str:
    return f"cause_{cause.replace('-', '_')}"


def _read(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _holds_exercises(argument: str) -> bool:
    path = Path(argument.partition("::")[0]).resolve()
    beside = any((folder / "exercise.toml").is_file() for folder in (path, path.parent))
    return beside or any(path.glob(FOLDERS)) or any(path.glob(f"exercises/{FOLDERS}"))
