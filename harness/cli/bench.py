"""`harness bench`: run the measurements, found by their module's name."""

import ast
import inspect
import json
import pkgutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from harness.errors import BadInput

PREFIX = "bench_"


def names() -> list[str]:
    """The benchmarks there are: one for each module harness.apps.bench_NAME."""
    from harness import apps

    found = [module.name for module in pkgutil.iter_modules(apps.__path__)]
    return sorted(name.removeprefix(PREFIX) for name in found if name.startswith(PREFIX))


class WithQuestions(click.Command):
    """A command whose help ends with the benchmarks there are, and what each asks."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Benchmarks"):
            formatter.write_dl([(name, _question_of(name)) for name in names()])


def _question_of(name: str) -> str:
    """What a benchmark asks: the first line of its module's text, which is read and not imported."""
    found = find_spec(f"harness.apps.{PREFIX}{name}")
    assert found is not None
    assert found.origin is not None
    return _first_line(ast.get_docstring(ast.parse(Path(found.origin).read_bytes())))


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


@click.command(cls=WithQuestions)
@click.argument("name", nargs=-1)
@click.option("--family", help="Of triage: the programs of one file of the suite only.")
@click.option("--case", help="Of triage: one program only.")
@click.option("--times", type=click.IntRange(min=1), help="Of chaos: how many runs to disturb.")
@click.option("--seed", type=int, help="Of triage and chaos: decides the order, and what is done when.")
@click.option("--json", "json_", is_flag=True, help="All figures as one JSON object.")
@click.option("--page", is_flag=True, help="Measure nothing; write PERFORMANCE.md anew from benchmarks/*.json.")
def bench(name: tuple[str, ...], json_: bool, page: bool, **options: Any) -> int:
    """Run the benchmarks NAME, or all, and print their figures.

    In a clone of the project, figures are kept in benchmarks/ and PERFORMANCE.md is written anew, unless an option
    changed what was run. Exit status 1 if a benchmark has something to hold and it does not.

    Each prints its figures when it has ended. Most take minutes; on 2 cores chaos takes a quarter of an hour, overhead
    and peers more than half an hour each. Leave the machine alone meanwhile: what else it does is measured too.
    """
    from harness import places
    from harness.apps import measured, performance

    if page:
        performance.write(_clone())
        return 0
    there = names()
    if unknown := [one for one in name if one not in there]:
        raise BadInput(f"no benchmark {unknown[0]!r}; there are: {', '.join(there) or 'none'}")
    modules = {one: import_module(f"harness.apps.{PREFIX}{one}") for one in name or there}
    given = {option: value for option, value in options.items() if value is not None}
    for option in given:
        if not any(option in _taken(module) for module in modules.values()):
            raise click.UsageError(f"--{option} goes with none of: {', '.join(modules)}")
    figures = {}
    for one, module in modules.items():
        question, machine = _first_line(module.__doc__), measured.machine()
        if not json_:
            click.secho(f"{one}: {question}", bold=True)
        figures[one] = module.run(**{option: value for option, value in given.items() if option in _taken(module)})
        if not given and performance.is_clone(places.workspace()):
            performance.keep(places.workspace(), one, question, machine, figures[one])
        if not json_:
            for line in lines(figures[one]):
                click.echo(line)
    if json_:
        click.echo(json.dumps(figures, indent=2))
    return 0 if all(found.get("holds", True) for found in figures.values()) else 1


def _clone() -> Path:
    from harness import places
    from harness.apps import performance

    workspace = places.workspace()
    if not performance.is_clone(workspace):
        raise BadInput(f"{workspace} is no clone of the project, so it has no PERFORMANCE.md; go to the clone")
    return workspace


def _taken(module: ModuleType) -> set[str]:
    """The options that a benchmark takes: the names of its parameters."""
    return set(inspect.signature(module.run).parameters)


def lines(figures: object, indent: int = 2) -> list[str]:
    """Figures, a nested dict of numbers and texts, as indented lines."""
    if not isinstance(figures, dict):
        return [" " * indent + str(figures)]
    from harness.apps import performance

    shown = []
    for name, value in figures.items():
        if isinstance(value, dict) and not performance.is_one(value):
            shown += [" " * indent + f"{name}:", *lines(value, indent + 2)]
        else:
            shown.append(" " * indent + f"{name}: {performance.cell(value)}")
    return shown
