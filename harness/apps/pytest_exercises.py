"""What pytest is told of exercises: marks to choose them by, of chapter and cause; several workers are refused."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

CHAPTERS = "ABCDEFGHIJ"
CAUSES = Path(__file__).parent.parent / "course" / "causes.toml"
FOLDERS = "[0-9][0-9]_*/exercise.toml"
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
