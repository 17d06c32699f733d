"""The verbs that change or show what an exercise's files should be: reset, solution."""

import time

import click

from harness.errors import BadInput


@click.command()
@click.argument("exercise")
def reset(exercise: str) -> None:
    """Put task.py and diagnosis.toml of an exercise back as they were shipped; yours are kept, and the place named."""
    from harness import course
    from harness.course import shipped

    chosen = course.load(exercise)
    names, folder = shipped.reset(chosen)
    if not names:
        click.echo(f"{chosen.name} is as it was shipped.")
        return
    click.echo(f"{' and '.join(names)} of {chosen.name} are as they were shipped.")
    if folder is not None:
        click.echo(f"Yours are kept in {folder}.")


@click.command()
@click.argument("exercise")
@click.option("--give-up", is_flag=True, help="Show it though the exercise is not passed; noted in your progress.")
def solution(exercise: str, give_up: bool) -> None:
    """Show the solution of an exercise you passed, beside your file, and the explanation."""
    from rich.markdown import Markdown

    from harness import course
    from harness.cli.course import known_progress
    from harness.cli.runs import show_view
    from harness.course.workspace import Progress, ProgressFile
    from harness.views.compare import side_by_side

    chosen = course.load(exercise)
    entry = known_progress().get(chosen.name, Progress())
    if entry.passed is None and entry.given_up is None:
        if not give_up:
            mend = f"`harness hint {chosen.number}` helps; --give-up shows it all the same"
            raise BadInput(f"{chosen.name} is not passed yet; {mend}")
        ProgressFile().update(chosen, given_up=time.time())
    mine, theirs = chosen.folder / "task.py", chosen.solution / "task.py"
    before = mine if mine.exists() else chosen.solution / "original.py"
    left, right = (path.read_text(encoding="utf-8", errors="replace") for path in (before, theirs))
    show_view(side_by_side(left, right, (f"your {mine.name}", f"solutions/{chosen.name}/{theirs.name}")))
    click.echo()
    show_view(Markdown((chosen.solution / "EXPLANATION.md").read_text(encoding="utf-8")))
