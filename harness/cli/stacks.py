"""`harness stacks`: what the engines of the warm cluster are at, now."""

import click

from harness.errors import BadInput


@click.command()
@click.option("--engine", type=int, help="Of this engine only.")
@click.option("--eval", "expression", metavar="EXPRESSION", help="Its value in the innermost frame of --engine's task.")
@click.option("--json", "json_", is_flag=True, help="One JSON object.")
def stacks(engine: int | None, expression: str | None, json_: bool) -> None:
    """Show what every thread of the warm cluster's engines is doing now, with values; nothing is interrupted.

    Values are there while a recorded run goes on, from another shell: `harness run …`. Else, and where an engine's GIL
    is held, its native stack is shown.
    """
    import json
    from dataclasses import asdict

    import msgspec

    from harness import cluster, places, views
    from harness.cli.runs import show_view
    from harness.triage import live
    from harness.views.live import at_now

    if expression is not None and engine is None:
        raise click.UsageError("--eval goes with --engine")
    running = cluster.warm()
    if running is None:
        raise BadInput("no warm cluster is up: `harness cluster start`, then run your program on it")
    with running, running.client() as client:
        if engine is not None and engine not in client.ids:
            raise BadInput(f"there is no engine {engine}; there are: {', '.join(map(str, client.ids))}")
        if expression is not None:
            found = live.value(client, engine, expression) if engine is not None else None
            if found is None:
                raise BadInput(f"engine {engine} does not answer: no recorded run goes on there, or its GIL is held")
            click.echo(views.visible(found))
            return
        looked = live.look(running, client, None if engine is None else [engine])
    if json_:
        click.echo(json.dumps({"engines": [msgspec.to_builtins(asdict(one)) for one in looked]}))
    else:
        show_view(at_now(looked, places.workspace()))
