"""What an exercise's files must hold and must not give away, told without running anything."""

import re

from harness.course import hints
from harness.course.causes import causes
from harness.course.diagnosis import Diagnosis
from harness.course.exercise import CHAPTERS, Exercise, read_toml
from harness.errors import BadInput

PARTS = ["The contract", "The symptom", "Predict", "Run", "Collect evidence", "Explain", "Mend", "Prevent"]
UNWRITTEN = "TODO"
"""Marks what `harness new` leaves to the author."""
DECORATION = " ->\"',"
LEAST_HINTS = 3
GIVEN = ("README.md", "diagnosis.toml", "exercise.toml", "task.py")
HELD_BACK = (
    "task.py",
    "original.py",
    "original.toml",
    "diagnosis.toml",
    "EXPLANATION.md",
    "hints.toml",
    "instance.py",
    "review.py",
)


def unfinished(exercise: Exercise) -> list[str]:
    """What an author has not written yet: files that are missing, lines with TODO; each in one line."""
    given = [exercise.folder / name for name in (*GIVEN, f"test_{exercise.name}.py")]
    held_back = [exercise.solution / name for name in HELD_BACK]
    missing = [
        f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
        for path in (*given, *held_back)
        if not path.exists()
    ]
    if missing:
        return [f"{name} is missing" for name in missing]
    return _unwritten(exercise)


def problems(exercise: Exercise) -> list[str]:
    """What is wrong with the files of an exercise, each in one line; empty if nothing is."""
    if found := unfinished(exercise):
        return found
    try:
        return [*_of_shipped(exercise), *_of_readme(exercise), *_of_solution(exercise)]
    except BadInput as problem:
        return [str(problem)]


def _unwritten(exercise: Exercise) -> list[str]:
    found = []
    for folder in (exercise.folder, exercise.solution):
        for path in sorted(folder.rglob("*")):
            if path.suffix not in (".py", ".toml", ".md"):
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if UNWRITTEN in line:
                    place = path.relative_to(folder.parent.parent)
                    found.append(f"{place}:{number}: {line[line.index(UNWRITTEN) :].rstrip(DECORATION)}")
    return found


def _of_shipped(exercise: Exercise) -> list[str]:
    found = []
    if (exercise.folder / "task.py").read_bytes() != (exercise.solution / "original.py").read_bytes():
        found.append("task.py is not the shipped one, solutions/…/original.py")
    if (exercise.folder / "diagnosis.toml").read_bytes() != (exercise.solution / "original.toml").read_bytes():
        found.append("diagnosis.toml is not the shipped one, solutions/…/original.toml")
    if exercise.metadata.chapter not in CHAPTERS:
        found.append(f"exercise.toml: chapter {exercise.metadata.chapter!r} is none of {', '.join(CHAPTERS)}")
    key = read_toml(exercise.solution / "diagnosis.toml", Diagnosis)
    name = key.cause.name
    if name not in causes():
        found.append(f"solutions/…/diagnosis.toml: {name!r} is no class of causes; `harness causes` lists them")
    for path in sorted(exercise.folder.iterdir()):
        if name and path.is_file() and path.suffix != ".pyc" and name in path.read_text(encoding="utf-8"):
            found.append(f"{path.name} names the cause, {name}")
    if key.evidence.marker not in (exercise.solution / "original.py").read_text(encoding="utf-8"):
        found.append(f"solutions/…/diagnosis.toml: no line of original.py holds the marker {key.evidence.marker!r}")
    if key.prediction.outcome != exercise.metadata.symptom.outcome:
        found.append("solutions/…/diagnosis.toml: the predicted outcome is not the symptom's in exercise.toml")
    return found


def _of_readme(exercise: Exercise) -> list[str]:
    text = (exercise.folder / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^## (.+)$", text, re.M)
    return [] if found == PARTS else [f"README.md has the parts {found}; it should have {PARTS}"]


def _of_solution(exercise: Exercise) -> list[str]:
    found = []
    decoys = sorted((exercise.solution / "decoys").glob("*.py"))
    if not decoys:
        found.append("solutions/…/decoys has no tempting wrong mend")
    explanation = (exercise.solution / "EXPLANATION.md").read_text(encoding="utf-8")
    found += [f"EXPLANATION.md does not speak of the decoy {one.stem}" for one in decoys if one.stem not in explanation]
    if "## Seen in the wild" not in explanation:
        found.append("EXPLANATION.md has no part `Seen in the wild`")
    found += _of_hints(exercise)
    return found


def _of_hints(exercise: Exercise) -> list[str]:
    written = hints.graded(exercise)
    if len(written) < LEAST_HINTS:
        return [f"hints.toml has {len(written)} hints; {LEAST_HINTS} are the least"]
    found = []
    *_, family, line = written
    known = causes().get(read_toml(exercise.solution / "diagnosis.toml", Diagnosis).cause.name)
    if known and f'"{known.family}"' not in family:
        found.append(f'hints.toml: the last but one does not name the family of the cause, "{known.family}"')
    if not line.startswith("task.py"):
        found.append("hints.toml: the last does not begin with the place, `task.py`")
    return found
