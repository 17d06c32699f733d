"""The verbs of the course: list, check, hint, causes."""

import textwrap

import click

from harness.errors import BadInput

WIDTH = 100


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def list_exercises(as_json: bool) -> None:
    """List the exercises: number, name, state, minutes, what each teaches."""
    from harness import course
    from harness.course.workspace import ProgressFile

    file = ProgressFile()
    progress = file.read()
    exercises = course.all_exercises()
    if not exercises:
        raise BadInput("no exercises here; go to the folder that holds exercises/")
    if as_json:
        _print_json(exercises, progress)
        return
    if file.notice:
        click.echo(file.notice, err=True)
    chapter = ""
    for exercise in exercises:
        about = exercise.metadata
        if about.chapter != chapter:
            chapter = about.chapter
            click.echo(f"\n{chapter}. {course.CHAPTERS[chapter]}")
        click.echo(f"  {exercise.number:02d}  {exercise.slug:22} {_state(progress, exercise):8} {about.minutes:3} min")
        for line in textwrap.wrap(about.teaches, WIDTH - 6):
            click.echo(f"      {line}")
    first = next((e for e in exercises if not (p := progress.get(e.name)) or p.passed is None), exercises[0])
    click.echo(f"\nNext: read exercises/{first.name}/README.md, then `harness run {first.number}`.")


def _state(progress: dict, exercise: object) -> str:
    known = progress.get(exercise.name)  # type: ignore[attr-defined]
    if known is None:
        return "new"
    return "passed" if known.passed is not None else "begun"


def _print_json(exercises: list, progress: dict) -> None:
    import json

    rows = [
        {
            "number": e.number,
            "slug": e.slug,
            "title": e.metadata.title,
            "chapter": e.metadata.chapter,
            "minutes": e.metadata.minutes,
            "teaches": e.metadata.teaches,
            "state": _state(progress, e),
        }
        for e in exercises
    ]
    click.echo(json.dumps({"exercises": rows}))


@click.command()
@click.argument("exercise")
@click.option("-v", "verbose", is_flag=True, help="All that pytest has to say.")
@click.pass_context
def check(ctx: click.Context, exercise: str, verbose: bool) -> int:
    """Check your diagnosis and your mend of an exercise; the same as `pytest exercises/NN_*`."""
    import pytest

    from harness import course
    from harness.course.workspace import note_check

    chosen = course.load(exercise)
    status = int(pytest.main([str(chosen.folder), "-v" if verbose else "-q", "--no-header", "--tb=short"]))
    if status == 0:
        click.echo(f"\n{chosen.name} passes. Now read solutions/{chosen.name}/EXPLANATION.md, then `harness list`.")
    else:
        click.echo(f"\nNot yet. `harness show` has the evidence of the last run; `harness hint {chosen.number}` helps.")
    note_check(chosen, passed=status == 0)
    return min(status, 1) if status < 2 else 3


@click.command()
@click.argument("exercise")
def hint(exercise: str) -> None:
    """Show the hints to an exercise that are open: one at first, one more after each check that said no."""
    from harness import course
    from harness.course import hints

    chosen = course.load(exercise)
    opened, more = hints.opened(chosen)
    for number, text in enumerate(opened, 1):
        click.echo(textwrap.fill(f"{number}. {text}", WIDTH, subsequent_indent="   "))
    if more:
        click.echo(f"\n{more} more; each further check opens one: `harness check {chosen.number}`.")


@click.command()
@click.argument("name", required=False)
def causes(name: str | None) -> None:
    """List the classes of causes; with a NAME, say what it means and how to tell it from its neighbours."""
    import difflib

    from harness.course.causes import causes as all_causes

    known = all_causes()
    if name is None:
        family = ""
        for key, cause in sorted(known.items(), key=lambda item: (item[1].family, item[0])):
            if cause.family != family:
                family = cause.family
                click.echo(f"\n{family}")
            click.echo(f"  {key}")
        click.echo("\n`harness causes NAME` says what one means, and how to tell it from its neighbours.")
        return
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        raise BadInput(f"no cause {name!r}; " + (f"did you mean {near[0]}?" if near else "`harness causes` lists them"))
    cause = known[name]
    click.echo(f"{name} ({cause.family})\n")
    for label, text in (("Means", cause.means), ("Seen", cause.seen)):
        click.echo(textwrap.fill(f"{label}: {text}", WIDTH, subsequent_indent="  "))
    for neighbour, difference in cause.neighbours.items():
        click.echo(textwrap.fill(f"Not {neighbour}: {difference}", WIDTH, subsequent_indent="  "))
