"""The verbs of the warm cluster: `harness cluster start | status | repair | stop`."""

import json
from typing import Any

import click


@click.group()
def cluster() -> None:
    """The warm cluster: engines that stay up between calls, so that a run starts at once."""


@cluster.command()
@click.option("-n", "--engines", type=click.IntRange(min=1), default=2, show_default=True, help="How many engines.")
@click.option(
    "--backend",
    type=click.Choice(["auto", "forked", "local"]),
    default="auto",
    show_default=True,
    help="forked: fast, Linux only; local: ipyparallel's own launchers.",
)
@click.option("--preload", multiple=True, metavar="MODULE", help="Imported once, before the engines are forked.")
@click.option("--deadline", type=float, default=60.0, show_default=True, help="Seconds for it to come up.")
def start(engines: int, backend: str, preload: tuple[str, ...], deadline: float) -> None:
    """Start the warm cluster of this workspace."""
    from harness import cluster as clusters

    with clusters.start_warm(engines, backend=backend, preload=preload, deadline=deadline) as running:
        click.echo(f"{_count(len(running.engines))} up ({running.backend}); `harness cluster stop` ends them")


@cluster.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def status(as_json: bool) -> int:
    """Show the warm cluster; exit status 1 if there is none or an engine of it is dead."""
    from harness import cluster as clusters

    found = clusters.status()
    if as_json:
        click.echo(json.dumps(_describe(found)))
    elif found is None:
        click.echo("no warm cluster: `harness cluster start` starts one")
    else:
        for engine in found.engines.values():
            click.echo(f"engine {engine.id}: process {engine.pid}, output in {engine.output}")
        for engine_id in found.dead:
            click.echo(f"engine {engine_id}: dead; `harness cluster repair` replaces it")
        click.echo(f"{_count(len(found.engines))} up ({found.backend}), {len(found.pids)} processes in all")
    return int(found is None or bool(found.dead))


@cluster.command()
@click.option(
    "--answer", type=float, default=3.0, show_default=True, help="Seconds after which an engine counts as silent."
)
def repair(answer: float) -> int:
    """Replace engines that are dead, or silent: hung, or at a long task. What was stopped by a signal goes on."""
    from harness import cluster as clusters

    repaired = clusters.repair(answer=answer)
    if repaired is None:
        click.echo("no warm cluster: `harness cluster start` starts one")
        return 1
    for pid, part in sorted(repaired.parts.items()):
        click.echo(f"the {part}, process {pid}, was stopped: it goes on")
    for engine_id, why in sorted(repaired.engines.items()):
        click.echo(f"engine {engine_id} was {why}: replaced")
    if not repaired.parts and not repaired.engines:
        click.echo("nothing to repair: every engine answers")
    return 0


@cluster.command()
def stop() -> None:
    """Stop the warm cluster of this workspace."""
    from harness import cluster as clusters

    click.echo("stopped" if clusters.stop_warm() else "no warm cluster: nothing to stop")


def _count(engines: int) -> str:
    return f"{engines} engine{'' if engines == 1 else 's'}"


def _describe(found: Any) -> dict[str, Any]:
    if found is None:
        return {"running": False}
    engines = [{"id": each.id, "pid": each.pid, "started": each.started} for each in found.engines.values()]
    return {
        "running": True,
        "backend": found.backend,
        "started": found.started,
        "engines": engines,
        "dead": found.dead,
        "processes": found.pids,
    }
