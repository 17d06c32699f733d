"""`harness model`: fit the sentiment network, and measure it."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness import places
from harness.errors import BadInput

if TYPE_CHECKING:
    from harness.inputs.evaluation import Evaluation
    from harness.inputs.parts import Parts

PATH = click.Path(path_type=Path)
SHIPPED = places.MODELS / "sentiment.keras"
DATA = click.option(
    "--data",
    "source",
    type=click.Choice(["vader", "sentiment140"]),
    default="vader",
    show_default=True,
    help="Human-rated texts, fetched through pip once and kept; or a Sentiment140 FILE of your own.",
)
FILE = click.argument("file", type=PATH, required=False)


@click.group()
def model() -> None:
    """Fit the sentiment network, or measure it."""


@model.command()
@FILE
@DATA
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Of the weights' start and the texts' order.")
@click.option("--epochs", type=click.IntRange(min=1), help="At most; validation ends the fit earlier.")
@click.option("--out", type=PATH, default=SHIPPED, help="The network's file.  [default: models/sentiment.keras]")
def fit(file: Path | None, source: str, seed: int | None, epochs: int | None, out: Path) -> None:
    """Fit a network. A file that stands at --out is kept under another name."""
    if out.suffix != ".keras":
        raise BadInput(f"{out}: Keras saves networks in .keras files: give --out such a name")
    if not out.resolve().parent.is_dir():
        raise BadInput(f"{out}: there is no folder {out.parent}: make it, or give another --out")
    from dataclasses import replace

    from harness.inputs import evaluation, network

    settings = network.DEFAULT if epochs is None else replace(network.DEFAULT, epochs=epochs)
    parts = _parts(source, file)
    seed = network.SEEDS[0] if seed is None else seed
    click.echo(f"{parts.origin}: fitting on {len(parts.train):,}, validating on {len(parts.validation):,}; seed {seed}")
    network.compute_on_one_thread()
    fitted = network.fit(parts, seed, settings, verbose=1 if sys.stdout.isatty() else 2)
    found = evaluation.evaluate(fitted.model, parts.validation).polar
    click.echo(f"kept epoch {fitted.best_epoch}, the one with the least loss in validation; there, on polar texts:")
    click.echo(f"accuracy {_spread(found.accuracy, found.accuracy_interval)}, balanced {found.balanced_accuracy:.3f}")
    if copy := network.save(fitted, out):
        click.echo(f"the network that stood there is kept as {_short(copy)}")
    click.echo(f"saved as {_short(out)}, {out.stat().st_size / 1e6:.1f} MB; next: harness model evaluate")


@model.command()
@FILE
@DATA
@click.option("--model", "path", type=PATH, default=SHIPPED, help="Its file.  [default: models/sentiment.keras]")
@click.option("--seeds", is_flag=True, help="Fit the five preset seeds anew and evaluate those as well.")
@click.option("--json", "json_", is_flag=True, help="One JSON object.")
def evaluate(file: Path | None, source: str, path: Path, seeds: bool, json_: bool) -> None:
    """Measure a network on texts that it was not fitted on."""
    from harness.inputs import evaluation, network

    parts = _parts(source, file)
    network.compute_on_one_thread()
    found = evaluation.evaluate(network.load(path), parts.test)
    if not json_:
        _print_evaluation(f"{_short(path)} on texts held out of {parts.origin}", found)
    result: dict[str, Any] = {"model": path.name, "data": parts.origin, **asdict(found)}
    if seeds:
        if not json_:
            click.echo(f"\nfitted anew on {len(parts.train):,} texts; on the polar texts held out:")
        told = _nothing if json_ else _print_seed
        refitted = evaluation.over_seeds(parts, fitted=told)
        accuracy, balanced = evaluation.medians(refitted)
        if not json_:
            click.echo(f"median      {accuracy:.3f}                        {balanced:.3f}")
        result["seeds"] = {str(seed): asdict(one) for seed, one in refitted.items()}
        result["median_polar"] = {"accuracy": accuracy, "balanced_accuracy": balanced}
    if json_:
        click.echo(json.dumps(result, indent=2))


def _parts(source: str, file: Path | None) -> "Parts":
    if source == "vader" and file:
        raise BadInput(f"--data vader takes no file: leave {file} out, or say --data sentiment140")
    if source == "sentiment140" and not file:
        raise BadInput("--data sentiment140 needs its file: training.1600000.processed.noemoticon.csv")
    from harness.inputs import parts

    return parts.emoticon_labelled(file) if file else parts.vader()


def _print_evaluation(title: str, found: "Evaluation") -> None:
    click.echo(title)
    for name, one in (("all", found.all), ("polar (mean rating 0.5 or more either way)", found.polar)):
        click.echo(f"\n{name}: {one.texts:,}")
        click.echo(f"  accuracy           {_spread(one.accuracy, one.accuracy_interval)}")
        click.echo(f"  balanced accuracy  {_spread(one.balanced_accuracy, one.balanced_accuracy_interval)}")
        click.echo(f"  {'classified':>30} negative  positive")
        for rated, row in zip(("rated negative or 0", "rated positive"), one.confusion, strict=True):
            click.echo(f"  {rated:19} {row[0]:19,} {row[1]:9,}")


def _print_seed(seed: int, found: "Evaluation") -> None:
    one = found.polar
    spreads = (
        _spread(one.accuracy, one.accuracy_interval),
        _spread(one.balanced_accuracy, one.balanced_accuracy_interval),
    )
    click.echo(f"seed {seed:<6} {spreads[0]}   balanced {spreads[1]}")


def _nothing(*_: object) -> None:
    """What is said of a fit where the output is JSON."""


def _spread(value: float, interval: tuple[float, float]) -> str:
    return f"{value:.3f} ({interval[0]:.3f} to {interval[1]:.3f})"


def _short(path: Path) -> str:
    return str(path.relative_to(places.CLONE)) if path.is_relative_to(places.CLONE) else str(path)
