"""`harness data`: make, import and pack what the analysis reads."""

from pathlib import Path

import click

from harness import places
from harness.inputs.made import ROWS, SEED
from harness.inputs.schema import COMPANIES

FOLDER = click.Path(path_type=Path)


@click.group()
def data() -> None:
    """Make or import the tables of tweets."""


@data.command()
@click.option("--rows", type=click.IntRange(min=1), default=ROWS, show_default=True, help="Tweets a company.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed gives the same bytes.")
@click.option(
    "--texts",
    type=click.Choice(["made", "real"]),
    default="made",
    show_default=True,
    help="Made sentences, or the human-written tweets that the sentiment network is fitted on (fetched once).",
)
@click.option("--out", type=FOLDER, default=places.TWEETS, help="The folder of the tables.  [default: data/tweets]")
def make(rows: int, seed: int, texts: str, out: Path) -> None:
    """Make tweets about four companies."""
    from harness.inputs.making import make_tables

    human_texts = None
    if texts == "real":
        from harness.inputs import rated

        human_texts = rated.tweets()["text"].tolist()
    for table in make_tables(out, rows, seed, human_texts):
        if table.copy:
            click.echo(f"{table.company}: a table that was not made stood here, kept as {table.copy}")
        counts = f"{table.rows:,} tweets, {table.distinct:,} different texts"
        click.echo(f"{table.company}: {counts}, {table.seconds:.1f} s -> {table.path}")


@data.command("import")
@click.argument("file", type=FOLDER)
@click.option("--company", type=click.Choice(COMPANIES), required=True, help="Whose tweets they are.")
@click.option("--sheet", default="Stream", show_default=True, help="The sheet of an .xlsx.")
@click.option("--out", type=FOLDER, default=places.TWEETS, help="The folder of the tables.  [default: data/tweets]")
def import_(file: Path, company: str, sheet: str, out: Path) -> None:
    """Import a followthehashtag export, FILE, .xlsx or .csv."""
    from harness.inputs.importing import import_table

    click.echo(f"{company}: reading {file}")  # a workbook of 30,000 rows takes some ten seconds
    imported = import_table(file, company, out, sheet)
    if imported.copy:
        click.echo(f"{company}: the table that stood here is kept as {imported.copy}")
    if imported.ignored:
        click.echo(f"{company}: columns not used: {', '.join(imported.ignored)}")
    click.echo(f"{company}: {imported.rows:,} tweets -> {imported.path}")


@data.command()
@click.option("--from", "unpacked", type=FOLDER, required=True, help="Debian's wordnet-base, unpacked by dpkg-deb -x.")
@click.option("--out", type=FOLDER, default=places.DATA / "wordnet", help="Where to.  [default: data/wordnet]")
def wordnet(unpacked: Path, out: Path) -> None:
    """Pack WordNet's lemma index again (for maintainers)."""
    from harness.inputs.lemma_index import pack

    size = pack(unpacked, out)
    click.echo(f"wordnet: {size:,} bytes -> {out}")
