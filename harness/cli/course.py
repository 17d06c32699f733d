"""The verbs that say where one stands in the course: list, next, progress."""

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.course import Exercise
    from harness.course.standing import Learner
    from harness.course.workspace import Progress

WIDTH = 100
STATES = ("new", "begun", "given up", "passed")
CHAPTERS = tuple("ABCDEFGHIJ")


def known_progress() -> "dict[str, Progress]":
    """The workspace's progress by exercise; says on stderr if the file was damaged."""
    from harness.course.workspace import ProgressFile

    file = ProgressFile()
    progress = file.read()
    if file.notice:
        click.echo(file.notice, err=True)
    return progress


@click.command("list")
@click.option("--chapter", type=click.Choice(CHAPTERS, case_sensitive=False), help="Only this chapter's.")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--markdown", is_flag=True, help="The syllabus as a page, without states.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def list_exercises(chapter: str | None, state: str | None, markdown: bool, as_json: bool) -> None:
    """List the exercises: number, name, state, minutes, what each teaches."""
    from harness import course
    from harness.course import standing, syllabus

    everything = course.all_exercises()
    if not everything:
        raise BadInput("no exercises here; go to the folder that holds exercises/")
    chosen = [one for one in everything if chapter in (None, one.metadata.chapter)]
    if markdown:
        click.echo(syllabus.page(chosen), nl=False)
        return
    progress = known_progress()
    chosen = [one for one in chosen if state in (None, standing.state_of(one, progress))]
    if as_json:
        click.echo(json.dumps({"exercises": [_row(one, progress) for one in chosen]}))
        return
    _say_list(chosen, progress)
    following = standing.following(everything, progress)
    click.echo()
    if following is None:
        click.echo("All are passed.")
    else:
        click.echo(f"Next: exercises/{following.name}; `harness next` begins it.")


def _say_list(exercises: "Sequence[Exercise]", progress: "dict[str, Progress]") -> None:
    from harness import course
    from harness.course import standing

    if not exercises:
        click.echo("none")
    chapter = ""
    for exercise in exercises:
        about = exercise.metadata
        if about.chapter != chapter:
            chapter = about.chapter
            click.echo(f"\n{chapter}. {course.CHAPTERS[chapter]}")
        state = standing.state_of(exercise, progress)
        click.echo(f"  {exercise.number:02d}  {exercise.slug:22} {state:8} {about.minutes:3} min")
        for line in textwrap.wrap(about.teaches, WIDTH - 6):
            click.echo(f"      {line}")


def _row(exercise: "Exercise", progress: "dict[str, Progress]") -> dict:
    from harness.course import standing

    about = exercise.metadata
    return {
        "number": exercise.number,
        "slug": exercise.slug,
        "title": about.title,
        "chapter": about.chapter,
        "minutes": about.minutes,
        "teaches": about.teaches,
        "state": standing.state_of(exercise, progress),
    }


@click.command("next")
def next_exercise() -> None:
    """Show the next exercise: what its code should do, what happens instead, and the command to begin with."""
    from rich.markdown import Markdown

    from harness import course
    from harness.cli.runs import show_view
    from harness.course import standing

    exercises = course.all_exercises()
    if not exercises:
        raise BadInput("no exercises here; go to the folder that holds exercises/")
    following = standing.following(exercises, known_progress())
    if following is None:
        click.echo("All are passed. `harness record` does the same for your own programs: see README.md.")
        return
    readme = (following.folder / "README.md").read_text(encoding="utf-8")
    show_view(Markdown(readme.partition("\n## Predict")[0]))
    click.echo(f"\nWhat to do, step by step: exercises/{following.name}/README.md. It begins with a prediction, then:")
    click.echo(f"\n    harness run {following.number}")


@click.command()
@click.argument("workspaces", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def progress(workspaces: tuple[Path, ...], as_json: bool) -> None:
    """Show how far the learners of WORKSPACES are, this one's by default. Nothing is changed in them."""
    from harness import places
    from harness.course import standing

    learners = [standing.learner(path.resolve()) for path in workspaces or (places.workspace(),)]
    if as_json:
        click.echo(json.dumps({"workspaces": [one.as_data() for one in learners]}))
    elif len(learners) == 1:
        _say_one(learners[0])
    else:
        _say_many(learners)


def _say_one(learner: "Learner") -> None:
    if learner.problem:
        click.echo(f"{learner.workspace}: {learner.problem}")
        return
    click.echo(f"{'exercise':28} {'state':10} {'checks':>6} {'hints':>6}")
    for name, entry in sorted(learner.progress.items()):
        click.echo(f"{name:28} {entry.state:10} {entry.checks:>6} {entry.hints:>6}")
    counts = [f"{learner.count(state)} {state}" for state in reversed(STATES[1:])]
    click.echo(f"\n{', '.join(counts)}")


def _say_many(learners: "list[Learner]") -> None:
    from harness.course import standing

    names = [str(one.workspace) for one in learners]
    width = min(40, max(len(name) for name in names))
    click.echo(f"{'workspace':{width}} {'passed':>6} {'gave up':>7} {'checks':>6} {'hints':>6}  at")
    for name, one in zip(names, learners, strict=True):
        counts = f"{one.count('passed'):>6} {one.count('given up'):>7} {one.checks:>6} {one.hints:>6}"
        click.echo(f"{name[-width:]:{width}} {counts}  {one.problem or one.at}")
    if stuck := standing.stuck_at(learners):
        click.echo("\nBegun and not passed: " + ", ".join(f"{name} ({count})" for name, count in stuck[:5]))
