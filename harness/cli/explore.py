"""`harness explore`: search the orders in which tasks' steps can come for one under which the program fails."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.errors import BadInput

if TYPE_CHECKING:
    from harness.explore import Report, Session
    from harness.explore.inputs import Found
    from harness.explore.schedule import Schedule
    from harness.store import Run


@click.command()
@click.argument("target")
@click.option("--variant", default="mine", help="Of an exercise: mine, original, solution, decoy:NAME.")
@click.option("--seed", type=int, help="Of the exercise's tables and of what is drawn; the workspace's by default.")
@click.option("--bound", type=click.IntRange(min=0), default=2, show_default=True, help="Preemptions tried in full.")
@click.option("--schedules", type=click.IntRange(min=1), default=5000, show_default=True, help="At most this many.")
@click.option("--seconds", type=click.FloatRange(min=0.1), default=10.0, show_default=True, help="At most this long.")
@click.option("--lines", is_flag=True, help="Every line of the file is a step: for what is shared unseen.")
@click.option("--inputs", metavar="NAME", help="A Hypothesis strategy in FILE.py: main(view, drawn) is called.")
@click.option("--replay", "saved", metavar="RUN", help="Run the schedule of a run that a search kept again.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Draw the schedule as this page, too.")
@click.option("--json", "json_", is_flag=True, help="One JSON object on stdout.")
def explore(
    target: str,
    variant: str,
    seed: int | None,
    bound: int,
    schedules: int,
    seconds: float,
    lines: bool,
    inputs: str | None,
    saved: str | None,
    html: Path | None,
    json_: bool,
) -> int:
    """Search the interleavings of TARGET's tasks for one that fails.

    TARGET is an exercise or FILE.py, whose main(view) is called. Steps are what tasks share by the system's means:
    files, locks on files, threads and their locks. Exit status 0 if no schedule failed, else 1. "No failure" is said
    with what was covered: it is no proof beyond that.
    """
    from harness.cli.searching import no_file, searched, write_page
    from harness.explore import search
    from harness.explore.search import SCHEDULES_OF_EACH
    from harness.views.text import short

    if inputs is not None and not target.endswith(".py"):
        raise click.UsageError("--inputs goes with FILE.py; an exercise's check draws its tables")
    if html is not None:
        no_file(html)
    with searched(target, variant, seed, lines) as (session, kept):
        if saved is not None:
            return _replay(session, saved, html, json_)
        value = None
        if inputs is None:
            report = search(session, bound=bound, schedules=schedules, seconds=seconds, seed=session.seed or 0)
        else:
            found = _over_inputs(session, inputs, bound, seconds)
            if found.report is None:
                said = f"no failure: {found.inputs} inputs, at most {SCHEDULES_OF_EACH} orders of each"
                click.echo(json.dumps({"failing": None, "covered": said}) if json_ else said)
                return 0
            report, value = found.report, found.value
        run = kept(report.failing) if report.failing else None
    if html is not None and report.failing and run:
        write_page(report.failing, run.name, html)
    if json_:
        click.echo(json.dumps(_as_dict(report, run) | ({} if inputs is None else {"input": repr(value)})))
    else:
        if inputs is not None:
            click.echo(f"input      {short(repr(value), 500)}")
        _print(report, run, target)
    return int(report.failing is not None)


def _over_inputs(session: "Session", name: str, bound: int, seconds: float) -> "Found":
    from hypothesis.strategies import SearchStrategy

    from harness.explore.inputs import search_inputs

    strategy = session.named(name)
    if not isinstance(strategy, SearchStrategy):
        raise BadInput(f"{name} in {session.target.file} is no Hypothesis strategy; see hypothesis.strategies")
    return search_inputs(session, strategy, bound=bound, seconds=seconds, seed=session.seed or 0)


def _replay(session: "Session", saved: str, html: Path | None, json_: bool) -> int:
    """Execute a kept schedule again and say whether every step came as it did."""
    from harness import places, store
    from harness.cli.searching import write_page
    from harness.explore import keeping
    from harness.explore.search import replayed
    from harness.store import as_json

    run = store.find(places.runs(), saved)
    schedule = keeping.saved(run)
    if schedule is None:
        raise BadInput(f"{run.name} keeps no schedule; `harness explore TARGET` keeps one if it finds a failure")
    again = replayed(session, schedule)
    if html is not None:
        write_page(again, f"{run.name}, executed again", html)
    if json_:
        click.echo(as_json(again).decode(), nl=False)
    else:
        _show(again)
    return int(again.outcome != "ok")


def _as_dict(report: "Report", run: "Run | None") -> dict[str, Any]:
    import msgspec

    failing = msgspec.to_builtins(report.failing) if report.failing else None
    return {
        "failing": failing,
        "covered": report.covered,
        "tried": report.tried,
        "bound": report.bound,
        "seconds": report.seconds,
        "first": report.first,
        "run": str(run.folder) if run else None,
    }


def _print(report: "Report", run: "Run | None", target: str) -> None:
    from harness import places
    from harness.views.text import counted, handle

    if report.failing is None or run is None:
        click.echo(f"no failure: {report.covered}, in {report.seconds:.1f} s")
        return
    preempted = counted(report.failing.preemptions, "preemption")
    click.echo(f"schedule {report.first} of those tried fails; shrunk to {preempted}")
    _show(report.failing)
    letters = handle(run, places.workspace())
    click.echo(f"next       harness show {letters} --events          every step, with its id")
    click.echo(f"           harness explore {target} --replay {letters}  the same order of steps again")


def _show(schedule: "Schedule") -> None:
    from harness.cli.runs import show_view
    from harness.explore import drawing
    from harness.explore.schedule import told
    from harness.views import schedules
    from harness.views.text import short

    click.echo(f"{schedule.outcome.upper()}  {short(schedule.reason, 300)}")
    show_view(schedules.schedule(drawing.columns(schedule), drawing.actors(schedule), drawing.rows(schedule.steps)))
    for who, what, whom in schedule.waits:
        click.echo(told(short(who, 80), short(what, 200), short(whom, 200)))
