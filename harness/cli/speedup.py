"""`harness speedup`: run an exercise or a file at several numbers of engines and sizes, and explain how it scales."""

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.cli.new_files import NEW_FILE, refuse_existing, write_new
from harness.cli.run import FILE, not_imported
from harness.errors import BadInput, CannotWork

if TYPE_CHECKING:
    from harness.apps.speedup import Program


class Numbers(click.ParamType):
    """`1,2,4`: whole numbers from 1 on, each once."""

    name = "numbers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[int]:
        parts = str(value).split(",")
        if not all(part.strip().isdecimal() and int(part) > 0 for part in parts):
            self.fail(f"{value!r} is not a list of whole numbers from 1 on, such as 1,2,4", param, ctx)
        return sorted({int(part) for part in parts})


@click.command()
@click.argument("target")
@click.option("--variant", default="mine", help="Of an exercise: mine, original, solution, decoy:NAME.")
@click.option(
    "--over", "items", type=click.Path(path_type=Path), help="One task for each line of this JSON Lines file."
)
@click.option("--engines", type=Numbers(), help="Numbers of engines, such as 1,2,4; up to all cores by default.")
@click.option("--sizes", type=Numbers(), help="How many times the input; 1,2,4 by default.")
@click.option("--repeats", type=click.IntRange(min=1), default=3, show_default=True, help="Runs of each.")
@click.option("--seed", type=int, help="Of an exercise's tables; the workspace's by default.")
@click.option(
    "--deadline", type=click.FloatRange(min=0, min_open=True), default=60, show_default=True, help="Seconds, each run."
)
@click.option("--seconds", type=click.FloatRange(min=1), default=180, show_default=True, help="All runs, roughly.")
@click.option("--png", type=NEW_FILE, help="Draw speed-up and efficiency into this PNG file as well.")
@click.option("--json", "json_", is_flag=True, help="One JSON object on stdout.")
def speedup(
    target: str,
    variant: str,
    items: Path | None,
    engines: list[int] | None,
    sizes: list[int] | None,
    repeats: int,
    seed: int | None,
    deadline: float,
    seconds: float,
    png: Path | None,
    json_: bool,
) -> int:
    """Run TARGET at several numbers of engines and sizes, and explain how it scales and what costs.

    TARGET is an exercise, FILE.py, or FILE.py:FUNCTION with --over. A file's main(view, scale) is told the size;
    without that parameter it runs at one size. With --over, items are repeated. Exit status 1 if a run fails.
    """
    from harness import places
    from harness.apps import speedup as app
    from harness.cli.guard import is_guarded, leave
    from harness.triage import failed_import

    named = FILE.fullmatch(target)
    if named is None:
        if items:
            raise click.UsageError("--over goes with a file; an exercise has its own input")
        program = _exercise(target, variant, seed)
    else:
        if variant != "mine" or seed is not None:
            raise click.UsageError(f"--variant and --seed go with an exercise; {target} has none")
        program, grows = _file(Path(named["file"]), named["function"], items)
        if not grows:
            if sizes not in (None, [1]):
                raise BadInput(
                    f"--sizes: {target} has no main with a parameter `scale`; write `def main(view, scale=1)`"
                )
            sizes = [1]
    engines = engines or app.engine_counts()
    if png:
        refuse_existing(png, "--png")
        if engines[0] != 1 or len(engines) < 2:
            raise BadInput("--png draws more engines beside one; name both, such as --engines 1,2")

    def stuck() -> None:
        click.echo(f"harness: main did not end within {deadline:g} s, and can't be stopped", err=True)
        leave(1)

    try:
        with contextlib.redirect_stdout(sys.stderr):  # what the program prints, again at each run
            explained = app.measure(
                program,
                places.runs(),
                engines=engines,
                scales=sizes or app.SCALES,
                repeats=repeats,
                deadline=deadline,
                seconds=seconds,
                told=lambda text: click.echo(text, err=True),
                stuck=stuck if is_guarded() else None,
            )
    except app.Failed as failed:
        return _failed(failed, json_)
    except (BadInput, CannotWork):
        raise
    except (Exception, SystemExit) as error:
        reason = failed_import(error, program.target)
        if reason is None:
            raise
        return not_imported(reason, program.target, json_)
    _show(explained, json_)
    if png:
        from harness.views import speedup_picture

        write_new(png, "--png", [speedup_picture.png(explained)])
        click.echo(f"{png}: speed-up and efficiency", err=json_)
    return 0


def _exercise(name: str, variant: str, seed: int | None) -> "Program":
    from harness.apps.speedup import exercise_program
    from harness.cli.course import known_progress
    from harness.course import diagnosis, load

    known_progress()  # says so now if the file is damaged
    exercise = load(name)
    if variant == "mine":
        diagnosis.note_prediction(exercise)
    return exercise_program(exercise, variant, seed)


def _file(file: Path, function: str | None, items: Path | None) -> tuple["Program", bool]:
    """The program, and whether it can be given more to do."""
    from harness.apps.speedup import Program
    from harness.recorder import Target, over, parameters, read_items

    if not file.is_file():
        raise BadInput(f"no file {file}; give a Python file, or an exercise's number from `harness list`")
    if (function is None) is not (items is None):
        example = f"`harness speedup {file}:FUNCTION --over items.jsonl`"
        raise BadInput(f"a function and its items go together: {example}; {file} alone calls its main(view)")
    if items is not None:
        listed = read_items(items)
        target = Target(file.resolve(), f"{file.stem}.{function}", function=function or "main")
        return Program(target, call=lambda scale: over(listed * scale)), True
    target = Target(file.resolve(), file.stem)
    if "scale" not in (parameters(file) or []):
        return Program(target), False
    return Program(target, call=lambda scale: lambda main, view: main(view, scale=scale)), True


def _failed(failed: Any, json_: bool) -> int:
    """Say which run did not end well, and show its verdict; the exit status."""
    from harness import places, views
    from harness.cli.runs import as_json, show_view
    from harness.course.withheld import as_symptoms

    place = f"{failed.engines} engine{'s' if failed.engines > 1 else ''}, ×{failed.scale}"
    click.echo(
        f"harness: on {place} the run did not end well, so there is no time to compare; mend that first", err=True
    )
    if json_:
        click.echo(as_json(failed.run))
    else:
        show_view(views.verdict(as_symptoms(failed.run), places.workspace()))
    return 1


def _show(explained: Any, json_: bool) -> None:
    from harness import places, store
    from harness.cli.runs import show_view
    from harness.course.withheld import without_findings
    from harness.views.speedup import speedup as view
    from harness.views.text import handle

    explained = without_findings(explained)
    if json_:
        click.echo(store.as_json(explained).decode(), nl=False)
    else:
        show_view(view(explained, handle(store.find(places.runs(), explained.run), places.workspace())))
