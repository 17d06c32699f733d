"""`harness runs`, `show` and `logs`: look at recorded runs."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from harness.store import Run
    from harness.views.records import Record

LEVELS = ("TRACE", "DEBUG", "INFO", "SUCCESS", "WARNING", "ERROR", "CRITICAL")
COLOURS = {"DEBUG": "bright_black", "WARNING": "yellow", "ERROR": "red", "CRITICAL": "red"}
RUN = click.argument("run", default="latest", metavar="[RUN]")


def show_view(view: "RenderableType") -> None:
    """Print a view: with colours and as wide as the terminal if there is one, else plain and 80 columns wide."""
    from rich.console import Console

    from harness.views import plain

    if sys.stdout.isatty():
        Console(highlight=False, markup=False, emoji=False).print(view)
    else:
        click.echo(plain(view), nl=False)


def screen_width() -> int:
    """Columns of the terminal; 80 if standard output is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 80


def as_json(run: "Run") -> str:
    """outcome.json's content as one JSON object, with the run's folder under `run`; outcome null if cut off."""
    import msgspec

    outcome = msgspec.to_builtins(run.outcome) if run.outcome else {"outcome": None}
    return json.dumps({**outcome, "run": str(run.folder)}, indent=2)


def found(name: str) -> "Run":
    """The run that a command names; raises BadInput if there is none."""
    from harness import places, store

    return store.find(places.runs(), name)


@click.group(invoke_without_command=True)
@click.option("--json", "json_", is_flag=True, help="One JSON object instead.")
@click.pass_context
def runs(context: click.Context, json_: bool) -> None:
    """List recorded runs, newest first."""
    if context.invoked_subcommand:
        return
    from harness import places, store
    from harness.views import entries, listing

    listed = entries(store.all_runs(places.runs()), places.workspace())
    if json_:
        from dataclasses import asdict

        click.echo(json.dumps({"runs": [asdict(entry) for entry in listed]}, indent=2))
    else:
        show_view(listing(listed))


class Age(click.ParamType):
    """Seconds from 30d, 12h, 45m."""

    name = "age"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> float:
        return _number_with_unit(self, value, {"m": 60.0, "h": 3600.0, "d": 86400.0}, "30d, 12h or 45m")


class Size(click.ParamType):
    """Bytes from 500MB, 2GB, 800kB."""

    name = "size"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> float:
        return _number_with_unit(self, value, {"kb": 1e3, "mb": 1e6, "gb": 1e9}, "500MB, 2GB or 800kB")


def _number_with_unit(kind: click.ParamType, value: str, units: dict[str, float], such_as: str) -> float:
    number = value.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    unit = value[len(number) :].lower()
    if unit not in units or not number.replace(".", "", 1).isdecimal():
        kind.fail(f"{value!r} is no {kind.name}; write it as {such_as}")
    return float(number) * units[unit]


@runs.command()
@click.option("--older", type=Age(), help="Delete runs older than this: 30d, 12h, 45m.")
@click.option("--keep", type=click.IntRange(min=0), help="Keep this many, the newest.")
@click.option("--size", type=Size(), help="Keep the newest that together take at most this: 500MB, 2GB.")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
def prune(older: float | None, keep: int | None, size: float | None, dry_run: bool) -> None:
    """Delete recorded runs. A run that goes on stays, and so do the failing runs that diagnoses are graded by."""
    from harness import places
    from harness.store import prune as pruning
    from harness.views.text import counted, handle
    from harness.views.text import size as in_bytes

    if older is None and keep is None and size is None:
        raise click.UsageError("say which: --older 30d, --keep 20 or --size 500MB")
    folder = places.runs()
    found = pruning.candidates(folder)
    doomed = pruning.too_many(found, older=older, number=keep, size=None if size is None else int(size))
    for kept in doomed:
        click.echo(f"{handle(kept.run, places.workspace())}  {in_bytes(kept.size)}")
    if not dry_run:
        pruning.delete(folder, doomed)
    what = "would be deleted" if dry_run else "deleted"
    freed = in_bytes(sum(kept.size for kept in doomed))
    click.echo(f"{counted(len(doomed), 'run')} {what}, {freed}; {counted(len(found) - len(doomed), 'run')} kept")


@runs.command()
@RUN
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="The file; RUN.zip here by default.")
def export(run: str, to: Path | None) -> None:
    """Pack a run for a bug report, with values masked.

    RUN is a run's name, its letters, a folder; the latest by default.
    """
    import zipfile

    from harness.errors import BadInput, CannotWork
    from harness.views.export import files

    chosen = found(run)
    chosen.manifest  # noqa: B018 - an unreadable run is refused before a file is made
    target = to or Path(f"{chosen.name}.zip")
    try:
        with target.open("xb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in files(chosen):
                packed.writestr(f"{chosen.name}/{name}", content)
    except FileExistsError:
        raise BadInput(f"{target} exists already; name another file with --to") from None
    except OSError as problem:
        raise CannotWork(f"cannot write {target}: {problem.strerror}; name another place with --to") from problem
    click.echo(f"{target}: values masked, source lines kept; read it before you send it")


@click.command()
@RUN
@click.option(
    "--traceback", "what", flag_value="traceback", help="The recorded exceptions, each frame with its values."
)
@click.option("--stacks", "what", flag_value="stacks", help="What each engine was doing at the deadline.")
@click.option("--events", "what", flag_value="events", help="What happened, in order, with the ids of events.")
@click.option("--tasks", "what", flag_value="tasks", help="Each attempt at a task: engine, times, memory, bytes.")
@click.option("--timeline", "what", flag_value="timeline", help="Engines as rows, tasks as bars.")
@click.option("--schedule", "what", flag_value="schedule", help="Of a run that a search kept: the order of its steps.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="With --schedule: as this page instead.")
@click.option("--task", type=int, help="With --traceback, --events or --tasks: of this task only.")
@click.option("--engine", type=int, help="With --events: of this engine only.")
@click.option("--json", "json_", is_flag=True, help="outcome.json and the run's folder as one JSON object.")
def show(run: str, what: str | None, html: Path | None, task: int | None, engine: int | None, json_: bool) -> None:
    """Show what happened in a run, where, with which values.

    RUN is a run's name, its letters, a folder; the latest by default.
    """
    from harness import places, views
    from harness.course.withheld import as_symptoms

    if task is not None and what not in ("traceback", "events", "tasks"):
        raise click.UsageError("--task goes with --traceback, --events or --tasks")
    if engine is not None and what != "events":
        raise click.UsageError("--engine goes with --events")
    if html is not None and what != "schedule":
        raise click.UsageError("--html goes with --schedule")
    if json_ and what:
        raise click.UsageError(f"--json goes alone, without --{what}")
    chosen, root = found(run), places.workspace()
    chosen.manifest  # noqa: B018 - an unreadable run is refused before anything is printed
    if json_:
        click.echo(as_json(chosen))
    elif what == "traceback":
        show_view(views.traceback(chosen, root, task))
    elif what == "stacks":
        show_view(views.stacks(chosen, root))
    elif what == "events":
        show_view(views.events(chosen, root, task, engine, screen_width()))
    elif what == "tasks":
        show_view(views.tasks(chosen, task, screen_width()))
    elif what == "timeline":
        show_view(views.timeline(chosen, screen_width()))
    elif what == "schedule":
        show_schedule(chosen, html)
    else:
        show_view(views.verdict(as_symptoms(chosen), root))


def show_schedule(run: "Run", html: Path | None) -> None:
    """Draw the schedule that a search kept as a run, here or as a page; raises BadInput if it has none."""
    from harness.cli.searching import no_file, write_page
    from harness.errors import BadInput
    from harness.explore import drawing, keeping
    from harness.views import schedules

    schedule = keeping.saved(run)
    if schedule is None:
        raise BadInput(f"{run.name} keeps no schedule; `harness explore TARGET` keeps one if it finds a failure")
    if html is None:
        rows = drawing.rows(schedule.steps)
        show_view(schedules.schedule(drawing.columns(schedule), drawing.actors(schedule), rows))
    else:
        no_file(html)
        write_page(schedule, run.name, html)
        click.echo(f"{html}: a page by itself; any browser shows it")


@click.command()
@click.argument("one", metavar="RUN")
@click.argument("other", metavar="RUN", default="latest")
@click.option("--json", "json_", is_flag=True, help="One JSON object.")
def diff(one: str, other: str, json_: bool) -> int:
    """Show what differs between two runs, the first divergence on top.

    Each RUN is a run's name, its letters, a folder; the second is the latest by default. Times, ids, processes and
    addresses are no differences. Exit status 1 if the runs differ.
    """
    from harness import places
    from harness.views.differences import compare, differences

    runs = found(one), found(other)
    for run in runs:
        run.manifest  # noqa: B018 - an unreadable run is refused before anything is printed
    compared = compare(*runs)
    if json_:
        from dataclasses import asdict

        click.echo(json.dumps(asdict(compared), indent=2))
    else:
        show_view(differences(*runs, places.workspace()))
    return int(bool(compared))


@click.command()
@RUN
@click.option("--engine", type=int, help="Of this engine only.")
@click.option("--task", type=int, help="Of this task only.")
@click.option("--level", type=click.Choice(LEVELS, case_sensitive=False), help="Of this level and above.")
@click.option("--merge", is_flag=True, help="All engines' records by time, not engine after engine.")
@click.option("--last", type=click.IntRange(min=1), help="The last N records only, by time.")
@click.option("--follow", is_flag=True, help="Go on until the run ends or you press Ctrl-C; merged by time.")
@click.option("--raw", is_flag=True, help="What the engines' processes, or one task, wrote to stdout and stderr.")
def logs(
    run: str,
    engine: int | None,
    task: int | None,
    level: str | None,
    merge: bool,
    last: int | None,
    follow: bool,
    raw: bool,
) -> None:
    """Show what the engines logged in a run.

    RUN is a run's name, its letters, a folder; the latest by default.
    """
    from harness.views import logs as view
    from harness.views.records import LEVELS as SEVERITY

    chosen = found(run)
    chosen.manifest  # noqa: B018 - an unreadable run is refused before anything is printed
    wanted = view.Wanted(engine, task, SEVERITY[level.upper()] if level else 0)
    if raw:
        if level or merge or last or follow:
            raise click.UsageError("--raw goes with --engine and --task only: raw output has no levels or times")
        if task is None:
            _print_raw(chosen, engine)
        else:
            _print_output(chosen, task, engine)
        return
    if not follow:
        view.check(chosen, wanted)
        records = (view.by_time if merge or last else view.one_by_one)(chosen, wanted)
        # without a flush after each: there may be a million
        if not sum(map(sys.stdout.write, _as_text(view.last(records, last) if last else records))):
            click.echo("no record fits", err=True)
        return
    from harness.store import Run
    from harness.triage.going import goes_on
    from harness.views.follow import follow as followed

    try:
        for text in _as_text(followed(chosen, wanted, lambda: not goes_on(Run(chosen.folder)), last)):
            click.echo(text, nl=False)
    except KeyboardInterrupt:
        click.echo("stopped following; the run goes on", err=True)
        return
    if Run(chosen.folder).cut_off:
        click.echo("the run was cut off: nobody is recording it any more", err=True)


def _as_text(records: "Iterable[Record]") -> "Iterator[str]":
    """Each record as what is written to standard output: in its level's colour if that is a terminal."""
    from harness.views.logs import shown

    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for record in records:
        colour = COLOURS.get(record.level) if coloured else None
        yield f"{click.style(shown(record), fg=colour) if colour else shown(record)}\n"


def _print_raw(run: "Run", engine: int | None) -> None:
    from harness.views import logs as view
    from harness.views.frames import check_engine

    if engine is not None:
        check_engine(run, engine)
    engines = run.engines if engine is None else [engine]
    for one in engines:
        if len(engines) > 1:
            click.secho(f"== engine {one} ==", bold=True)
        for line in view.raw(run, one):
            click.echo(line)


def _print_output(run: "Run", task: int, engine: int | None) -> None:
    """What the attempts at a task wrote, each with a heading if there are several."""
    from harness.store.attempts import attempts
    from harness.views import logs as view
    from harness.views.frames import check_task

    check_task(run, task)
    found = [one for one in attempts(run, task) if engine in (None, one.engine)]
    for attempt in found:
        if len(found) > 1:
            click.secho(f"== attempt {attempt.number}, engine {attempt.engine} ==", bold=True)
        for line in view.output(run, attempt):
            click.echo(line)
