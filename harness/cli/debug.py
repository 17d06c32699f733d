"""`harness debug`: a post-mortem prompt on the frames of a failed task."""

import contextlib
import sys

import click

from harness.errors import BadInput


@click.command()
@click.argument("named", nargs=-1, metavar="[RUN] [TASK]")
@click.option("--command", "commands", multiple=True, help='Do this and leave, such as "p tweet"; may be repeated.')
def debug(named: tuple[str, ...], commands: tuple[str, ...]) -> None:
    """Look at the frames of a failed task, on the engine where it failed if that still has them.

    RUN is the latest by default, TASK the first that failed. Engines of a warm cluster keep the frames of their last
    failures: `harness cluster start`. Of any other run there are the recorded frames, with values that can only be
    read.
    """
    from harness import cluster, places, store
    from harness.apps.debugger import Prompt, first_failed, frames_of, harmless

    if not commands and not sys.stdin.isatty():
        raise BadInput('harness debug needs a terminal; --command "p tweet" works without one')
    name, task = _named(named)
    run = store.find(places.runs(), name)
    with contextlib.ExitStack() as stack:
        client = None
        if (running := cluster.warm()) is not None:
            client = stack.enter_context(stack.enter_context(running).client())
        frames = frames_of(run, first_failed(run) if task is None else task, client)
        if not commands:
            Prompt(frames).cmdloop()
        elif not frames.live:
            click.echo(frames.origin, err=True)
        for command in commands:
            click.echo(harmless(frames.do(command)), nl=False)


def _named(named: tuple[str, ...]) -> tuple[str, int | None]:
    """The run's name and the task's number."""
    match named:
        case ():
            return "latest", None
        case (one,) if one.isdecimal():
            return "latest", int(one)
        case (one,):
            return one, None
        case (one, other) if other.isdecimal():
            return one, int(other)
    raise click.UsageError("give a run, a task's number, or both: debug hibx 3")
