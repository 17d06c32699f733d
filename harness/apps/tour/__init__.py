"""The tour: the analysis sequentially, then on engines; what it found, how fast, and where the time went."""

from pathlib import Path
from typing import TYPE_CHECKING

from harness import places

if TYPE_CHECKING:
    from rich.console import Console

    from harness.apps.tour.journey import Journey

# Nothing heavy is imported above: engines import this package before their start-up is timed.


def run(
    console: "Console | None" = None,
    engines: int | None = None,
    rows: int | None = None,
    folder: Path = places.TWEETS,
    figures: Path = places.FIGURES,
) -> "Journey":
    """Take the tour: run both ways with progress, print what was found and measured, save the charts.

    `engines` is as many as cores by default, at least 2, and no more than memory has room for. `rows` reads the first
    rows of each company's table only.
    Raises BadInput if tweets or network are missing, CannotWork if a process died or took too long.
    """
    from rich.console import Console

    from harness.analysis import tweets
    from harness.apps.tour import charts, cores, journey, screen

    console = console or Console()
    companies = tuple(tweets.COMPANIES)
    for company in companies:
        tweets.load(company, folder, rows=1)
    console.rule("An analysis, on engines")
    data = journey.Input(companies, folder, rows)
    taken = journey.travel(data, engines or cores.engines(), console)
    console.print()
    screen.show(taken, console)
    console.print()
    saved = charts.save(taken, figures)
    where = figures.relative_to(Path.cwd()) if figures.is_relative_to(Path.cwd()) else figures
    console.print(f"Charts in {where}: {', '.join(path.name for path in saved)}", highlight=False)
    return taken
