"""`harness verify`: for authors, prove that exercises break as they say and can be mended in one way only."""

import contextlib
import json
import os
import sys
import tempfile
import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.course.confusion import Confusion
    from harness.course.proof import Finding

PARTS = ("files", "shipped", "bare", "solution", "check", "decoy", "gutted")


@click.command()
@click.argument("exercises", nargs=-1)
@click.option("--runs", type=click.IntRange(min=1), default=3, show_default=True, help="Per number of engines.")
@click.option("--json", "json_", is_flag=True, help="One JSON object on stdout.")
def verify(exercises: tuple[str, ...], runs: int, json_: bool) -> int:
    """Prove EXERCISES, all by default: the symptom shows, the solution passes, decoys and gutted tasks do not.

    Exit status 0 if everything is as it should be, else 1.
    """
    from harness import course
    from harness.apps import searched
    from harness.course import proof
    from harness.course.confusion import Confusion

    chosen = [course.load(name) for name in exercises] or course.all_exercises()
    found: dict[str, list[Finding]] = {}
    with proof.Clusters() as started:
        for exercise in chosen:
            began = time.monotonic()
            with _aside() as stuck:
                found[exercise.name] = list(proof.whole(exercise, started, runs, stuck, searched))
            if not json_:
                _say(exercise.name, found[exercise.name], time.monotonic() - began)
    ran = [one for each in found.values() for one in each if one.part in ("shipped", "solution")]
    confusion = Confusion.of((one.expected, one.seen) for one in ran)
    if json_:
        click.echo(_as_json(found, confusion))
    else:
        _say_matrix(confusion)
    return 1 if any(one.problem for each in found.values() for one in each) else 0


@contextlib.contextmanager
def _aside() -> "Iterator[Callable[[], None]]":
    """Put what exercises and their engines print aside meanwhile: stdout is for what is found.

    Yields what ends this process, with a word on the real stderr.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    with tempfile.TemporaryFile() as aside:
        real = [os.dup(1), os.dup(2)]

        def stuck() -> None:
            os.write(real[1], b"harness: the client's code can't be stopped at its deadline: ending it all\n")
            os._exit(3)

        try:
            for descriptor in (1, 2):
                os.dup2(aside.fileno(), descriptor)
            yield stuck
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            for descriptor, kept in zip((1, 2), real, strict=True):
                os.dup2(kept, descriptor)
                os.close(kept)


def _say(name: str, found: list["Finding"], seconds: float) -> None:
    counts = []
    for part in PARTS:
        of_part = [one for one in found if one.part.partition(":")[0] == part]
        good = sum(not one.problem for one in of_part)
        if of_part:
            counts.append(f"{part} {good}/{len(of_part)}")
    click.echo(f"{name:26} {'  '.join(counts)}  {seconds:.0f} s")
    for one in found:
        if one.problem:
            on = f" on {one.engines} engine(s)" if one.part in ("shipped", "bare", "solution") else ""
            click.echo(f"    {one.part}{on}: {one.problem}")


def _say_matrix(confusion: "Confusion") -> None:
    names = confusion.classes
    click.echo(f"\n{'expected':12}" + "".join(f"{name:>10}" for name in names) + "   seen")
    for expected in names:
        row = "".join(f"{confusion.counts[expected, seen]:>10}" for seen in names)
        click.echo(f"{expected:12}{row}")
    score = confusion.macro_f1
    click.echo(f"{sum(confusion.counts.values())} runs, macro-F1 {'-' if score is None else f'{score:.3f}'}")


def _as_json(found: dict[str, list["Finding"]], confusion: "Confusion") -> str:
    return json.dumps(
        {
            "exercises": {name: [vars(one) for one in each] for name, each in found.items()},
            "problems": sum(bool(one.problem) for each in found.values() for one in each),
            "confusion": [[*pair, count] for pair, count in sorted(confusion.counts.items())],
            "macro_f1": confusion.macro_f1,
        }
    )
