"""A new exercise as a set of files that run at once and say, with TODO, what the author has to write."""

import re
from collections.abc import Sequence
from pathlib import Path
from string import Template

from harness.course.exercise import CHAPTERS, Exercise
from harness.errors import BadInput

TEMPLATES = Path(__file__).parent / "scaffold"
SLUG = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
COPIES = {
    "original.py": "task.py",
    "task.py": "task.py",
    "decoys/first_try.py": "task.py",
    "original.toml": "diagnosis.toml",
}
"""Files of the solution that begin as a copy of the exercise's."""


def scaffold(workspace: Path, number: int, slug: str, chapter: str | None, existing: Sequence[Exercise]) -> Exercise:
    """Write the files of a new exercise into a workspace's `exercises/` and `solutions/`; returns it.

    chapter: by default that of the exercise before it. Raises BadInput for a number or slug that is taken or can't be.
    """
    if not 1 <= number <= 99:
        raise BadInput(f"number {number}: exercises have numbers from 1 to 99")
    if not SLUG.fullmatch(slug):
        raise BadInput(f"slug {slug!r}: lower-case words joined by underscores, such as three_of_four")
    for other in existing:
        if other.number == number or other.slug == slug:
            raise BadInput(f"{other.name} is there already; choose another number and slug")
    before = [other for other in existing if other.number < number]
    chosen = chapter or (before[-1].metadata.chapter if before else next(iter(CHAPTERS)))
    exercise = Exercise(workspace / "exercises" / f"{number:02d}_{slug}")
    if exercise.folder.exists() or exercise.solution.exists():
        raise BadInput(f"{exercise.folder} or {exercise.solution} is there already; move it away first")
    words = {
        "number": f"{number:02d}",
        "number_plain": str(number),
        "name": exercise.name,
        "title": slug.replace("_", " ").capitalize(),
        "chapter": chosen,
    }
    _fill(TEMPLATES / "exercise", exercise.folder, words)
    (exercise.folder / "test.py").rename(exercise.folder / f"test_{exercise.name}.py")
    _fill(TEMPLATES / "solution", exercise.solution, words)
    for name, source in COPIES.items():
        path = exercise.solution / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((exercise.folder / source).read_bytes())
    return exercise


def _fill(templates: Path, folder: Path, words: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for template in sorted(templates.glob("*.template")):
        text = Template(template.read_text(encoding="utf-8")).substitute(words)
        (folder / template.stem).write_text(text, encoding="utf-8")
