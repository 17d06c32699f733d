"""The command line `harness`: finds the verb's file, imports only that, and turns mistakes into one line."""

import io
import sys
from importlib import import_module
from importlib.util import find_spec

import click

from harness import __version__
from harness.errors import HarnessError

VERBS = {
    "data": "harness.cli.data:data",
    "model": "harness.cli.model:model",
    "cluster": "harness.cli.cluster:cluster",
    "demo": "harness.cli.demo:demo",
    "bench": "harness.cli.bench:bench",
    "doctor": "harness.cli.doctor:doctor",
    "run": "harness.cli.run:run",
    "show": "harness.cli.runs:show",
    "logs": "harness.cli.runs:logs",
    "runs": "harness.cli.runs:runs",
    "timeline": "harness.cli.timeline:timeline",
    "stacks": "harness.cli.stacks:stacks",
    "debug": "harness.cli.debug:debug",
    "replay": "harness.cli.replay:replay",
    "diff": "harness.cli.runs:diff",
    "explore": "harness.cli.explore:explore",
    "speedup": "harness.cli.speedup:speedup",
    "step": "harness.cli.step:step",
    "list": "harness.cli.course:list_exercises",
    "next": "harness.cli.course:next_exercise",
    "check": "harness.cli.check:check",
    "hint": "harness.cli.help:hint",
    "causes": "harness.cli.help:causes",
    "solution": "harness.cli.solution:solution",
    "reset": "harness.cli.solution:reset",
    "progress": "harness.cli.course:progress",
    "verify": "harness.cli.verify:verify",
    "new": "harness.cli.new:new",
    "watch": "harness.cli.watch:watch",
}


class LazyGroup(click.Group):
    """A click group whose verbs are imported when they are called; it lists those whose file is there."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [verb for verb, place in VERBS.items() if find_spec(place.partition(":")[0])]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        module, attribute = VERBS[name].split(":")
        return getattr(import_module(module), attribute)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="harness")
def harness() -> None:
    """Run parallel Python on ipyparallel engines, record what happens, and learn to debug it."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command; exit 0 as asked, 1 a failure shown, 2 a wrong call, 3 could not work, 130 interrupted.

    `run` and `speedup`, called from a shell, work in a child process, which its user's code may end or hold up.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what a terminal cannot show is escaped, not a failure
    if arguments is None and sys.argv[1:2] in (["run"], ["speedup"]):
        from harness.cli.guard import guarded

        sys.exit(guarded(lambda: _status(None)))
    sys.exit(_status(arguments))


def _status(arguments: list[str] | None) -> int:
    """Run one command, and say in one line what is wrong with it; its exit status."""
    try:
        status = harness.main(arguments, prog_name="harness", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("harness: interrupted", err=True)
        return 130
    except click.ClickException as problem:
        context = getattr(problem, "ctx", None)
        where = f" (see: {context.command_path} --help)" if context else ""
        click.echo(f"harness: {problem.format_message()}{where}", err=True)
        return 2
    except HarnessError as problem:
        click.echo(f"harness: {problem}", err=True)
        return problem.exit_status
    return status if isinstance(status, int) else 0
