"""`harness timeline`: a run as engines over time, in the terminal, as a picture, as a page, as a trace."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.new_files import NEW_FILE, refuse_existing, write_new
from harness.cli.runs import RUN, found, screen_width, show_view
from harness.errors import BadInput

if TYPE_CHECKING:
    from harness.store import Run
    from harness.views.timelines.model import Timeline


@click.command()
@RUN
@click.option("--png", type=NEW_FILE, help="Draw it into this PNG file.")
@click.option("--html", type=NEW_FILE, help="Write a page that zooms, and needs no network, into this file.")
@click.option("--trace", type=NEW_FILE, help="Write a Chrome trace, which Perfetto and vizviewer open, into this file.")
@click.option("--json", "json_", is_flag=True, help="One JSON object: tasks, phases, marks, use of cores and memory.")
def timeline(run: str, png: Path | None, html: Path | None, trace: Path | None, json_: bool) -> None:
    """Show a run as engines over time: tasks and their phases, waits, deaths, cores and memory.

    RUN is a run's name, its letters, a folder; the latest by default.
    """
    chosen = found(run)
    chosen.manifest  # noqa: B018 - an unreadable run is refused before a file is made
    files = {name: file for name, file in (("--png", png), ("--html", html), ("--trace", trace)) if file}
    for option, file in files.items():
        refuse_existing(file, option)
    if len(set(files.values())) < len(files):
        raise BadInput(f"{next(iter(files.values()))} is named twice; name a file for each")
    if not files and not json_:
        from harness import views

        show_view(views.timeline(chosen, screen_width()))
        return
    from harness.views.timelines.model import read

    drawn = read(chosen)
    for option, file in files.items():
        write_new(file, option, DRAWINGS[option](chosen, drawn))
    if json_:
        from harness.views.timelines.data import as_json

        for piece in as_json(chosen, drawn, {option.strip("-"): str(file) for option, file in files.items()}):
            click.echo(piece, nl=False)
        return
    for file in files.values():
        click.echo(f"{file}: no values of variables are in it, names of functions and of what tasks are about are")


def _png(run: "Run", drawn: "Timeline") -> Iterable[bytes]:
    from harness.views.timelines.picture import png

    return [png(run, drawn)]


def _html(run: "Run", drawn: "Timeline") -> Iterable[bytes]:
    from harness.views.timelines.page import html

    return html(run, drawn)


def _trace(run: "Run", drawn: "Timeline") -> Iterable[bytes]:
    from harness.views.timelines.trace import trace

    return trace(run, drawn)


DRAWINGS: dict[str, Callable[["Run", "Timeline"], Iterable[bytes]]] = {
    "--png": _png,
    "--html": _html,
    "--trace": _trace,
}
