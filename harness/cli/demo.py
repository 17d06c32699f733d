"""The verb `demo`: a buggy variant captured, then the tour of the analysis on engines."""

import click


@click.command()
@click.pass_context
@click.option(
    "--engines", type=click.IntRange(min=2), help="How many engines; as many as cores by default, at least 2."
)
@click.option("--rows", type=click.IntRange(min=1), help="Read only the first rows of each company's tweets.")
@click.option("--no-capture", is_flag=True, help="Take the tour only.")
def demo(context: click.Context, engines: int | None, rows: int | None, no_capture: bool) -> None:
    """Show a captured failure, then an analysis sped up on engines and explained."""
    if not no_capture:
        from harness.apps import demo_capture

        demo_capture.show()
    from harness.apps import tour

    journey = tour.run(engines=engines, rows=rows)
    click.echo("\nNow find a bug yourself: `harness list` shows the exercises, `harness run 1` runs the first.")
    if not journey.agree:
        context.exit(1)
