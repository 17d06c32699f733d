"""`harness bench`: run the measurements, found by their module's name."""

import json
import pkgutil
from importlib import import_module

import click

from harness.errors import BadInput

PREFIX = "bench_"


def names() -> list[str]:
    """The benchmarks there are: one for each module harness.apps.bench_NAME."""
    from harness import apps

    found = [module.name for module in pkgutil.iter_modules(apps.__path__)]
    return sorted(name.removeprefix(PREFIX) for name in found if name.startswith(PREFIX))


@click.command()
@click.argument("name", nargs=-1)
@click.option("--json", "json_", is_flag=True, help="All figures as one JSON object.")
def bench(name: tuple[str, ...], json_: bool) -> None:
    """Run the benchmarks NAME, or all, and print their figures."""
    there = names()
    if unknown := [one for one in name if one not in there]:
        raise BadInput(f"no benchmark {unknown[0]!r}; there are: {', '.join(there) or 'none'}")
    figures = {}
    for one in name or there:
        module = import_module(f"harness.apps.{PREFIX}{one}")
        if not json_:
            click.secho(f"{one}: {(module.__doc__ or '').strip().splitlines()[0]}", bold=True)
        figures[one] = module.run()
        if not json_:
            for line in lines(figures[one]):
                click.echo(line)
    if json_:
        click.echo(json.dumps(figures, indent=2))


def lines(figures: object, indent: int = 2) -> list[str]:
    """Figures, a nested dict of numbers and texts, as indented lines."""
    if not isinstance(figures, dict):
        return [" " * indent + str(figures)]
    shown = []
    for name, value in figures.items():
        if isinstance(value, dict):
            shown += [" " * indent + f"{name}:", *lines(value, indent + 2)]
        else:
            shown.append(
                " " * indent + f"{name}: {value:.4g}" if isinstance(value, float) else " " * indent + f"{name}: {value}"
            )
    return shown
