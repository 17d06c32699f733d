"""`harness watch`: the course in the terminal, with a new verdict each time a file is saved."""

import sys

import click

from harness.errors import BadInput


@click.command()
@click.argument("exercise", required=False)
@click.option("-n", "--engines", type=click.IntRange(min=1), default=2, show_default=True, help="If none are up.")
def watch(exercise: str | None, engines: int) -> None:
    """Work through the exercises: instructions, verdict, logs and traceback in one screen.

    Begins at EXERCISE, or where you were. Saving a task checks it. Starts a warm cluster if none is up, and stops it
    again.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("`harness watch` needs a terminal; `harness check NUMBER` works without one")
    from harness import cluster, course
    from harness.apps.watch import WatchApp

    app = WatchApp(course.load(exercise) if exercise else None)
    running = cluster.warm()
    ours = running is None
    if running is None:
        click.echo("starting engines …", err=True)
        running = cluster.start_warm(engines)
    running.close()
    try:
        app.run()
    finally:
        if ours:
            cluster.stop_warm()
