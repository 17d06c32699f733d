"""The verbs that help with an exercise: hint, causes."""

import textwrap

import click

from harness.errors import BadInput

WIDTH = 100


@click.command()
@click.argument("exercise")
def hint(exercise: str) -> None:
    """Show the hints to an exercise that are open: one at first, one more after each check that said no.

    They go from where to look, over which evidence, to the class of the cause and the line.
    """
    from harness import course
    from harness.cli.course import known_progress
    from harness.course import hints
    from harness.course.workspace import Progress, ProgressFile, pinned

    chosen = course.load(exercise)
    entry = known_progress().get(chosen.name, Progress())
    if entry.passed is None and pinned(chosen) is None:
        click.echo(f"It has not failed here yet: `harness run {chosen.number}` first. Hints speak of that run.\n")
    opened, more = hints.opened(chosen)
    for number, text in enumerate(opened, 1):
        about = hints.stage(number, len(opened) + more)
        click.echo(textwrap.fill(f"{number}. ({about}) {text}", WIDTH, subsequent_indent="   "))
    if len(opened) > entry.hints:
        ProgressFile().update(chosen, hints=len(opened))
    if entry.passed is not None:
        click.echo(f"\nYou passed it: `harness solution {chosen.number}` explains it.")
    elif more:
        click.echo(f"\n{more} more; each further check opens one: `harness check {chosen.number}`.")
    else:
        click.echo(f"\nThat was the last. `harness solution {chosen.number} --give-up` shows the solution.")


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
