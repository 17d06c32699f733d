"""Saves the tour's charts as PNG files."""

import warnings
from pathlib import Path

from harness.apps.tour import figures, figures_of_time
from harness.apps.tour.journey import Journey

RESOLUTION = 120  # dots an inch


def save(journey: Journey, folder: Path) -> list[Path]:
    """Draw all charts of a journey into `folder`, which is made if need be; those of an earlier tour are replaced."""
    found = journey.one_process.found
    drawn = {
        "tweets_per_hour": figures.tweets_per_hour(found),
        "lemmas": figures.lemma_histograms(found),
        "sentiment": figures.sentiments(found),
        "cores": figures_of_time.cores_busy(journey),
        "timeline": figures_of_time.timeline(journey),
    }
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # a lemma in a script the font lacks
        for name, figure in drawn.items():
            paths.append(folder / f"{name}.png")
            figure.savefig(paths[-1], dpi=RESOLUTION)
    return paths
