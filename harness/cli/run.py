"""`harness run`: run an exercise or a file on engines, record it, show the verdict."""

import contextlib
import dataclasses
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.errors import BadInput, CannotWork

if TYPE_CHECKING:
    from harness.cluster import Cluster
    from harness.recorder import Setups, Target
    from harness.store import Limit, Run

ENGINES = 2
FILE = re.compile(r"(?P<file>.+\.py)(?::(?P<function>\w+))?")


@dataclass(frozen=True)
class Job:
    """What one call of `harness run` asks for, ready for triage. `done` is told of the recorded run."""

    target: "Target"
    arguments: tuple[Any, ...] = ()
    call: Callable[..., Any] | None = None
    reference: Callable[[], Any] | None = None
    deadline: float | None = None
    seed: int | None = None
    setups: "Setups | None" = None
    backend: str | None = None
    limits: "Mapping[str, Limit]" = field(default_factory=dict)
    least_engines: int = 1
    done: Callable[["Run"], object] = field(default=lambda run: None)


@click.command()
@click.argument("target")
@click.option("--variant", default="mine", show_default=True, help="mine, original, solution or decoy:NAME.")
@click.option(
    "--over", "items", type=click.Path(path_type=Path), help="One task for each line of this JSON Lines file."
)
@click.option("--engines", type=click.IntRange(min=1), help="How many; by default those of the warm cluster, or 2.")
@click.option("--seed", type=int, help="Instead of the workspace's; a file's main gets it if it has a `seed`.")
@click.option("--deadline", type=click.FloatRange(min=0, min_open=True), help="Seconds from the first task.")
@click.option("--reference", metavar="FILE:FUNCTION", help="What the result should be; with --over, item by item.")
@click.option("--most", multiple=True, metavar="COUNTER=N", help="Slow if a counter, such as tasks, is above.")
@click.option("--least", multiple=True, metavar="COUNTER=N", help="Slow if a counter, such as overlap, is below.")
@click.option("--bare", is_flag=True, help="Without recording: what ipyparallel itself shows.")
@click.option("--json", "json_", is_flag=True, help="outcome.json and the run's folder as one JSON object.")
def run(
    target: str,
    variant: str,
    items: Path | None,
    engines: int | None,
    seed: int | None,
    deadline: float | None,
    reference: str | None,
    most: tuple[str, ...],
    least: tuple[str, ...],
    bare: bool,
    json_: bool,
) -> int:
    """Run TARGET on engines and record what happens.

    TARGET is an exercise (7, 07, its slug), FILE.py (its `main(view)` is called), or FILE.py:FUNCTION with --over.
    Exit status 0 if the outcome is ok, else 1.
    """
    if bare and json_:
        raise click.UsageError("--bare prints what ipyparallel shows; it has no --json")
    if bare and (most or least):
        raise click.UsageError("--bare counts nothing; leave --most and --least out")
    limits = _limits(most, least)
    with contextlib.ExitStack() as stack:
        named = FILE.fullmatch(target)
        if named is None:
            if items or reference or limits:
                what = "--over, --reference, --most and --least go"
                raise click.UsageError(f"{what} with a file; an exercise has its own")
            job = exercise_job(target, variant, seed, deadline)
        else:
            if variant != "mine":
                raise click.UsageError(f"--variant goes with an exercise; {target} has none")
            job = file_job(Path(named["file"]), named["function"], items, seed, deadline)
            if reference:
                job = _with_reference(job, stack.enter_context(_function(reference)), items)
            job = dataclasses.replace(job, limits=limits)
        if engines is not None and engines < job.least_engines:
            click.echo(f"{target} shows its symptom on {job.least_engines} engines or more, not on {engines}", err=True)
        return _bare(job, engines) if bare else _recorded(job, engines, json_)


def exercise_job(name: str, variant: str, seed: int | None, deadline: float | None) -> Job:
    """The job of an exercise; its first failing run of the learner's is kept for the diagnosis."""
    from harness.cli.course import known_progress
    from harness.course import diagnosis, load, workspace

    known_progress()  # says so now if the file is damaged
    path = Path(name)
    exercise = load(path.resolve().name if path.is_dir() else name)
    number = workspace.seed() if seed is None else seed
    tables = exercise.tables(number)
    reference = exercise.reference

    def done(recorded: "Run") -> None:
        if variant in ("mine", "original") and seed is None:
            workspace.pin(exercise, recorded)

    if variant == "mine":
        diagnosis.note_prediction(exercise)

    return Job(
        target=exercise.target(variant),
        arguments=(tables,),
        reference=lambda: reference(tables),
        deadline=exercise.metadata.deadline if deadline is None else deadline,
        seed=number,
        setups=exercise.setups,
        backend=exercise.backend,
        limits=exercise.metadata.cost,
        least_engines=exercise.metadata.least_engines,
        done=done,
    )


def _limits(most: tuple[str, ...], least: tuple[str, ...]) -> "Mapping[str, Limit]":
    """By counter; BadInput for what is none, or no number."""
    if not (most or least):
        return {}
    from harness.store import Limit
    from harness.store.limits import check_names

    asked: dict[str, dict[str, float]] = {}
    for option, given in (("most", most), ("least", least)):
        for text in given:
            name, _, number = text.partition("=")
            try:
                asked.setdefault(name, {})[option] = float(number)
                check_names([name])
            except ValueError as problem:
                why = problem if number else "it says no number"
                raise BadInput(f"--{option} {text}: {why}; give COUNTER=N, such as --{option} tasks=64") from None
    return {name: Limit(**limits) for name, limits in asked.items()}


def file_job(file: Path, function: str | None, items: Path | None, seed: int | None, deadline: float | None) -> Job:
    """The job of a user's file: its main(view), or one task of a function for each item."""
    from harness.recorder import Target, over, read_items
    from harness.triage import DEADLINE

    if not file.is_file():
        raise BadInput(f"no file {file}; give a Python file, or an exercise's number from `harness list`")
    if (function is None) is not (items is None):
        example = f"`harness run {file}:FUNCTION --over items.jsonl`"
        raise BadInput(f"a function and its items go together: {example}; {file} alone calls its main(view)")
    limit = DEADLINE if deadline is None else deadline
    chosen = Target(file.resolve(), f"{file.stem}.{function}" if function else file.stem, function=function or "main")
    if items is not None:
        if seed is not None:
            raise BadInput("--seed goes with a main(view, seed) or an exercise; put seeds into the items")
        return Job(chosen, call=over(read_items(items)), deadline=limit)
    if seed is None:
        return Job(chosen, deadline=limit)
    _check_seeded(file)
    return Job(chosen, call=_with_seed(seed), deadline=limit, seed=seed)


def _check_seeded(file: Path) -> None:
    """Raise BadInput if the file's main, read without executing it, does not take a seed."""
    from harness.recorder import parameters

    known = parameters(file)
    if known is None or "seed" in known:
        return
    raise BadInput(f"--seed: {file} has no main with a parameter `seed`; write `def main(view, seed)` or leave it out")


def _with_seed(seed: int) -> Callable[..., Any]:
    return lambda main, view: main(view, seed=seed)


def _with_reference(job: Job, function: Callable[..., Any], items: Path | None) -> Job:
    from harness.recorder import read_items

    if items is None:
        return dataclasses.replace(job, reference=function)
    listed = read_items(items)
    return dataclasses.replace(job, reference=lambda: [item.call(function) for item in listed])


@contextlib.contextmanager
def _function(named: str) -> Iterator[Callable[..., Any]]:
    """The function that `FILE.py:FUNCTION` names; BadInput if it cannot be had."""
    from harness.recorder import Target, function_of, loaded
    from harness.triage import failed_import

    found = FILE.fullmatch(named)
    if found is None or found["function"] is None:
        raise BadInput(f"--reference {named}: give FILE.py:FUNCTION, such as sequential.py:main")
    target = Target(Path(found["file"]).resolve(), "reference", function=found["function"])
    with contextlib.ExitStack() as stack:
        try:
            module = stack.enter_context(loaded(target))
        except BadInput:
            raise BadInput(f"--reference {named}: there is no file {found['file']}") from None
        except (Exception, SystemExit) as error:
            failed = failed_import(error, target)
            if failed is None:
                raise
            at = failed.frames[-1]
            raise BadInput(f"--reference {at.file}:{at.line}: {failed.type}: {failed.message}; mend it") from None
        yield function_of(module, target)


@contextlib.contextmanager
def _cluster(engines: int | None, backend: str | None) -> Iterator["Cluster"]:
    """The workspace's warm cluster if it is up with that number of engines, and free; else one of this call's own.

    A job that insists on a `backend` always gets one of its own, whose engines are new.
    """
    from harness import cluster
    from harness.cli.guard import on_warm_cluster

    if backend is not None:
        with cluster.start(engines or ENGINES, backend=backend) as running:
            yield running
        return
    warm = cluster.warm()
    if warm is not None:
        fits = len(warm.engines) >= ENGINES if engines is None else len(warm.engines) == engines
        if not fits or not warm.claim():
            warm.close()
            warm = None
        else:
            on_warm_cluster()
    with warm or cluster.start(engines or ENGINES) as running:
        yield running


def _recorded(job: Job, engines: int | None, json_: bool) -> int:
    from harness import places
    from harness.cli.guard import is_guarded, leave
    from harness.triage import called, execute, failed_import

    status, out = 1, sys.stdout

    def told(recorded: "Run") -> None:
        nonlocal status
        with contextlib.redirect_stdout(out):
            status = _shown(recorded, job, json_)

    # standard output is for the one JSON object: what the program prints goes to standard error then
    aside = contextlib.redirect_stdout(sys.stderr) if json_ else contextlib.nullcontext()
    with aside, _cluster(engines, job.backend) as running:

        def stuck() -> None:
            running.close()
            leave(status)

        try:
            execute(
                job.target,
                running,
                places.runs(),
                arguments=job.arguments,
                call=job.call or called,
                reference=job.reference,
                deadline=job.deadline,
                seed=job.seed,
                setups=job.setups,
                limits=job.limits,
                told=told,
                stuck=stuck if is_guarded() else None,
            )
        except (BadInput, CannotWork):
            raise
        except (Exception, SystemExit) as error:
            failed = failed_import(error, job.target)
            if failed is None:
                raise
            with contextlib.redirect_stdout(out):
                return not_imported(failed, job.target, json_)
    return status


def _shown(recorded: "Run", job: Job, json_: bool) -> int:
    """Print the verdict; the exit status that it means."""
    from harness import places, views
    from harness.cli.runs import as_json, show_view
    from harness.course.withheld import as_symptoms

    job.done(recorded)
    if json_:
        click.echo(as_json(recorded))
    else:
        show_view(views.verdict(as_symptoms(recorded), places.workspace()))
    return 0 if recorded.outcome and recorded.outcome.outcome == "ok" else 1


def not_imported(failed: Any, target: "Target", json_: bool) -> int:
    from harness import places, views
    from harness.cli.runs import show_view

    at = failed.frames[-1]
    if json_:
        failure = {"type": failed.type, "message": failed.message, "file": at.file, "line": at.line}
        reason = f"{target.file.name} could not be imported, so nothing ran: {failed.type}: {failed.message}"
        click.echo(json.dumps({"outcome": "exception", "reason": reason, "failures": [failure], "run": None}, indent=2))
    else:
        show_view(views.not_imported(failed, places.workspace()))
    return 1


def _bare(job: Job, engines: int | None) -> int:
    """Call without recording, on a cluster of its own, and print what a plain script would show."""
    from harness import cluster
    from harness.triage import DEADLINE, bare, called, failed_import
    from harness.views import visible

    deadline = job.deadline or DEADLINE

    def stuck() -> None:
        click.echo(f"nothing after {deadline:g} s, and the client's code can't be stopped: ending it all", err=True)
        os._exit(1)

    with cluster.start(engines or ENGINES, backend=job.backend or "auto") as running:
        try:
            ended = bare(
                job.target,
                running,
                call=job.call or called,
                arguments=job.arguments,
                deadline=deadline,
                stuck=stuck,
                setups=job.setups,
            )
        except (BadInput, CannotWork):
            raise
        except (Exception, SystemExit) as error:
            failed = failed_import(error, job.target)
            if failed is None:
                raise
            return not_imported(failed, job.target, False)
    if ended.stopped:
        click.echo(f"nothing after {deadline:g} s: stopped at the deadline")
        return 1
    if ended.raised is not None:
        for line in _as_python_shows(ended.raised):
            click.echo(visible(line))
        return 1
    click.echo(visible(repr(ended.returned)))
    return 0


def _as_python_shows(error: BaseException) -> list[str]:
    """The traceback that Python prints for a script, without the harness's own frames above it."""
    from harness import places

    ours = str(places.CLONE / "harness")
    shown = error.__traceback__
    while shown is not None and shown.tb_frame.f_code.co_filename.startswith(ours):
        shown = shown.tb_next
    lines = traceback.format_exception(type(error), error, shown)
    return "".join(lines).rstrip("\n").split("\n")
