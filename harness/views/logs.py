"""Engine logs shown: filtered, one engine after the other or merged by time; and an engine's raw output."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harness.store import Run, wary
from harness.store.attempts import Attempt, output_of
from harness.views.frames import check_engine, check_task
from harness.views.records import LONGEST_LINE, Record, lines_of, merged, records_of
from harness.views.text import visible

_COLOURS_ALONE = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Wanted:
    """Which records to show: of one engine, of one task, of at least a severity (loguru's numbers)."""

    engine: int | None = None
    task: int | None = None
    severity: int = 0

    def __call__(self, record: Record) -> bool:
        return (
            self.engine in (None, record.engine)
            and self.task in (None, record.task)
            and record.severity >= self.severity
        )


def check(run: Run, wanted: Wanted) -> None:
    """Raise BadInput if the run has no such engine or no such task."""
    if wanted.engine is not None:
        check_engine(run, wanted.engine, run.log_files())
    if wanted.task is not None:
        check_task(run, wanted.task)


def one_by_one(run: Run, wanted: Wanted) -> Iterator[Record]:
    """The wanted records, engine after engine."""
    for stream in _streams(run, wanted):
        yield from stream


def by_time(run: Run, wanted: Wanted) -> Iterator[Record]:
    """The wanted records of all engines, merged by time."""
    return merged(_streams(run, wanted))


def _streams(run: Run, wanted: Wanted) -> list[Iterator[Record]]:
    engines = [engine for engine in run.log_files() if wanted.engine in (None, engine)]
    return [filter(wanted, records_of(run, engine)) for engine in engines]


def last(found: Iterable[Record], count: int) -> Iterable[Record]:
    """The last `count` of them."""
    return deque(found, maxlen=count)


def shown(record: Record) -> str:
    """A record as lines for a terminal, with nothing in them that a terminal would obey."""
    return "\n".join(visible(line) for line in record.lines)


def raw(run: Run, engine: int) -> Iterator[str]:
    """Lines of the engine's raw output; colours are dropped, other control characters made visible."""
    path = run.folder / f"engine-{engine}.out"
    if wary.is_plain(path):
        for line in lines_of(path):
            yield visible(_COLOURS_ALONE.sub("", line))


def output(run: Run, attempt: Attempt) -> Iterator[str]:
    """Lines that one attempt at a task wrote to stdout and stderr, as `raw` shows them."""
    for line in output_of(run, attempt).splitlines():
        yield visible(_COLOURS_ALONE.sub("", line[:LONGEST_LINE]))
