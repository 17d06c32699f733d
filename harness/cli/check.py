"""`harness check`: the check of one exercise, as pytest runs it."""

import click

UNUSED = ("anyio", "typeguard", "unraisableexception")
OPTIONS = ("--no-header", "--tb=short", "--assert=plain", *(f"-pno:{name}" for name in UNUSED))
"""pytest's, without what costs a check half its time and serves it nothing: rewritten asserts, garbage collections."""
INTERRUPTED = 2
"""pytest's status when it was stopped by Ctrl-C."""


@click.command()
@click.argument("exercise")
@click.option("-v", "verbose", is_flag=True, help="All that pytest has to say.")
def check(exercise: str, verbose: bool) -> int:
    """Check your diagnosis and your mend of an exercise; the same as `pytest exercises/NN_*`.

    Exit status 0 if it passes, else 1.
    """
    import pytest

    from harness import course
    from harness.cli.course import known_progress

    chosen = course.load(exercise)
    known_progress()  # says so now if the file is damaged
    status = int(pytest.main([str(chosen.folder), "-v" if verbose else "-q", *OPTIONS]))
    if status == 0:
        click.echo(f"\n{chosen.name} passes. `harness solution {chosen.number}` explains it; `harness next` goes on.")
    elif status == 1:
        click.echo(f"\nNot yet. `harness show` has the evidence of the last run; `harness hint {chosen.number}` helps.")
    if status <= 1:
        return status
    return 130 if status == INTERRUPTED else 3
