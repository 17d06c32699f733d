"""The course as a page: every chapter with its exercises, made from what exercise.toml says."""

from collections.abc import Sequence

from harness.course.exercise import CHAPTERS, Exercise

TITLE = "# The exercises"
ABOUT = """\
Each folder is one bug that people have really met, in an analysis of tweets that runs on engines. You run it, collect
evidence, name the cause, mend it, and a check says whether you were right. Begin with the tour (`00_tour`), then take
them in order: `harness next` always knows the next one. How to work one is in the [README](../README.md).

    harness list          # where you stand
    harness next          # what to do next
    harness watch         # the same as a screen that checks whenever you save

For a course with others see [TEACHING.md](TEACHING.md). This page is made by `harness list --markdown`."""


def page(exercises: Sequence[Exercise]) -> str:
    """exercises/README.md."""
    minutes = sum(exercise.metadata.minutes for exercise in exercises)
    hours = f"{len(exercises)} exercises, about {round(minutes / 60)} hours in all."
    return "\n\n".join([TITLE, ABOUT, hours, *_chapters(exercises)]) + "\n"


def _chapters(exercises: Sequence[Exercise]) -> list[str]:
    parts = []
    for chapter, title in CHAPTERS.items():
        rows = [
            f"| [{one.number:02d} {one.metadata.title}]({one.name}/README.md) | {one.metadata.minutes} min | "
            f"{one.metadata.about} | {one.metadata.teaches} |"
            for one in exercises
            if one.metadata.chapter == chapter
        ]
        if rows:
            head = ["| exercise | time | works on | teaches |", "|---|---|---|---|"]
            parts.append("\n".join([f"## {chapter}. {title}", "", *head, *rows]))
    return parts
