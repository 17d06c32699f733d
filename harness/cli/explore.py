"""`harness explore`: search the orders in which tasks' steps can come for one under which the program fails."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.errors import BadInput

if TYPE_CHECKING:
    from harness.explore import Report, Session
    from harness.explore.schedule import Schedule


@click.command()
@click.argument("target")
@click.option("--variant", default="mine", help="Of an exercise: mine, original, solution, decoy:NAME.")
@click.option("--seed", type=int, help="Of the exercise's tables and of what is drawn; the workspace's by default.")
@click.option("--bound", type=click.IntRange(min=0), default=2, show_default=True, help="Preemptions tried in full.")
@click.option("--schedules", type=click.IntRange(min=1), default=5000, show_default=True, help="At most this many.")
@click.option("--seconds", type=click.FloatRange(min=0.1), default=10.0, show_default=True, help="At most this long.")
@click.option("--lines", is_flag=True, help="Every line of the file is a step: for what is shared unseen.")
@click.option("--replay", "saved", type=click.Path(path_type=Path, dir_okay=False), help="Run a saved schedule again.")
@click.option("--save", type=click.Path(path_type=Path, dir_okay=False), help="Where to save a failing schedule.")
@click.option("--json", "json_", is_flag=True, help="One JSON object on stdout.")
def explore(
    target: str,
    variant: str,
    seed: int | None,
    bound: int,
    schedules: int,
    seconds: float,
    lines: bool,
    saved: Path | None,
    save: Path | None,
    json_: bool,
) -> int:
    """Search the interleavings of TARGET's tasks for one that fails.

    TARGET is an exercise or FILE.py, whose main(view) is called. Steps are what tasks share by the system's means:
    files, locks on files, threads and their locks. Exit status 0 if no schedule failed, else 1. "No failure" is said
    with what was covered: it is no proof beyond that.
    """
    from harness.explore import search
    from harness.explore.search import replayed

    with _session(target, variant, seed, lines) as session:
        if saved is not None:
            again = replayed(session, _read(saved))
            _show(again, json_)
            return int(again.outcome != "ok")
        report = search(session, bound=bound, schedules=schedules, seconds=seconds, seed=session.seed or 0)
    if report.failing is not None and save is not None:
        _write(save, report.failing)
    if json_:
        click.echo(json.dumps(_as_dict(report)))
    else:
        _print(report, save)
    return int(report.failing is not None)


@contextlib.contextmanager
def _session(target: str, variant: str, seed: int | None, lines: bool) -> Iterator["Session"]:
    from harness import cluster
    from harness.explore import opened
    from harness.recorder import Target

    options: dict[str, Any] = {"seed": seed, "lines": lines}
    if target.endswith(".py"):
        if variant != "mine":
            raise click.UsageError(f"--variant goes with an exercise; {target} has none")
        file = Path(target)
        if not file.is_file():
            raise BadInput(f"no file {file}; give a Python file, or an exercise's number from `harness list`")
        chosen = Target(file.resolve(), file.stem)
    else:
        from harness.course import load, workspace

        exercise = load(target)
        options["seed"] = workspace.seed() if seed is None else seed
        tables = exercise.tables(options["seed"])
        reference = exercise.reference
        chosen = exercise.target(variant)
        options |= {"arguments": lambda: (tables,), "reference": lambda: reference(tables)}
    with (
        cluster.warm_or_started(2) as running,
        running.client() as client,
        opened(chosen, client, **options) as session,
    ):
        yield session


def _read(file: Path) -> "Schedule":
    import msgspec

    from harness.explore.schedule import Schedule

    try:
        return msgspec.json.decode(file.read_bytes(), type=Schedule)
    except (OSError, msgspec.MsgspecError) as problem:
        raise BadInput(f"{file} is no saved schedule ({problem}); `harness explore --save FILE` makes one") from None


def _write(file: Path, schedule: "Schedule") -> None:
    from harness.store import as_json, replace_file

    if file.exists():
        raise BadInput(f"{file} exists already; name another file with --save")
    replace_file(file, as_json(schedule))


def _as_dict(report: "Report") -> dict[str, Any]:
    import msgspec

    failing = msgspec.to_builtins(report.failing) if report.failing else None
    return {
        "failing": failing,
        "covered": report.covered,
        "tried": report.tried,
        "bound": report.bound,
        "seconds": report.seconds,
        "first": report.first,
    }


def _print(report: "Report", save: Path | None) -> None:
    if report.failing is None:
        click.echo(f"no failure: {report.covered}, in {report.seconds:.1f} s")
        return
    click.echo(f"fails at schedule {report.first} of those tried; shrunk to {report.failing.preemptions} preemption(s)")
    _show(report.failing, False)
    if save is not None:
        click.echo(f"saved as {save}; `--replay {save}` runs it again")


def _show(schedule: "Schedule", json_: bool) -> None:
    from harness.cli.runs import show_view
    from harness.explore import drawing
    from harness.store import as_json
    from harness.views import schedules
    from harness.views.text import short

    if json_:
        click.echo(as_json(schedule).decode(), nl=False)
        return
    click.echo(f"{schedule.outcome.upper()}  {short(schedule.reason, 300)}")
    show_view(schedules.schedule(drawing.columns(schedule), drawing.actors(schedule), drawing.rows(schedule)))
    for who, what, whom in schedule.waits:
        click.echo(f"{short(who, 80)} waits for {short(what, 200)}, held by {short(whom, 200)}")
