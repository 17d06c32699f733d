"""exercises/README.md is what the exercises' metadata says, and every exercise is on it."""

from harness.course import all_exercises, syllabus
from harness.places import CLONE


def test_the_page_is_up_to_date():
    made = syllabus.page(all_exercises(CLONE))
    written = (CLONE / "exercises" / "README.md").read_text(encoding="utf-8")
    assert written == made, "make it anew: `harness list --markdown > exercises/README.md`"


def test_every_exercise_is_on_it_below_its_chapter():
    exercises = all_exercises(CLONE)
    made = syllabus.page(exercises)
    for exercise in exercises:
        chapter = made.split(f"## {exercise.metadata.chapter}. ")[1].split("\n## ")[0]
        assert f"({exercise.name}/README.md)" in chapter
        assert (exercise.folder / "README.md").exists()
