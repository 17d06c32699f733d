"""`harness new`: for authors, the files of a new exercise."""

import click


@click.command()
@click.argument("number", type=int)
@click.argument("slug")
@click.option("--chapter", type=click.Choice(tuple("ABCDEFGHIJ")), help="By default that of the exercise before it.")
def new(number: int, slug: str, chapter: str | None) -> None:
    """Write the files of a new exercise NUMBER with this SLUG, which speaks of the symptom, never of the cause."""
    from harness import course, places
    from harness.course.scaffolding import scaffold

    made = scaffold(places.workspace(), number, slug, chapter, course.all_exercises())
    click.echo(
        f"exercises/{made.name} and solutions/{made.name} are begun; `harness verify {number}` says what to write."
    )
