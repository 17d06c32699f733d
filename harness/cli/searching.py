"""The target of `harness explore` and `harness step`, opened on engines, and what keeps a schedule of it as a run."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.errors import BadInput

if TYPE_CHECKING:
    from harness.explore import Session
    from harness.explore.schedule import Schedule
    from harness.store import Run


@contextlib.contextmanager
def searched(
    target: str, variant: str, seed: int | None, lines: bool
) -> Iterator[tuple["Session", Callable[["Schedule"], "Run"]]]:
    """The target opened for a search, and what keeps a failing schedule of it as a run."""
    from harness import cluster, places
    from harness.explore import keeping, opened
    from harness.recorder import Target
    from harness.triage.whence import versions

    def keep(schedule: "Schedule") -> "Run":
        return keeping.keep(schedule, chosen, places.runs(), versions())

    kept: Callable[[Schedule], Run] = keep

    options: dict[str, Any] = {"seed": seed, "lines": lines}
    if target.endswith(".py"):
        if variant != "mine":
            raise click.UsageError(f"--variant goes with an exercise; {target} has none")
        file = Path(target)
        if not file.is_file():
            raise BadInput(f"no file {file}; give a Python file, or an exercise's number from `harness list`")
        chosen = Target(file.resolve(), file.stem)
    else:
        from harness.course import diagnosis, load, workspace

        exercise = load(target)
        if variant == "mine":
            diagnosis.note_prediction(exercise)
        options["seed"] = workspace.seed() if seed is None else seed
        tables = exercise.few_tables(options["seed"])
        reference = exercise.reference
        chosen = exercise.target(variant)
        if variant in ("mine", "original") and seed is None:

            def kept(schedule: "Schedule") -> "Run":
                run = keep(schedule)
                workspace.pin(exercise, run)
                return run

        options |= {"arguments": lambda: (tables,), "reference": lambda: reference(tables)}
    with (
        cluster.warm_or_started(2) as running,
        running.client() as client,
        opened(chosen, client, **options) as session,
    ):
        yield session, kept


def no_file(file: Path) -> None:
    """Raise BadInput if a page of this name is there already: before a search, not after it."""
    if file.exists():
        raise BadInput(f"{file} exists already; name another file with --html")


def write_page(schedule: "Schedule", about: str, file: Path) -> None:
    """Write a schedule as a new HTML page. Raises CannotWork if that can't be done."""
    from harness.errors import CannotWork
    from harness.explore import drawing

    try:
        with file.open("x", encoding="utf-8") as written:
            written.write(drawing.page(schedule, about))
    except OSError as problem:
        raise CannotWork(f"cannot write {file}: {problem.strerror}; name another place with --html") from problem
