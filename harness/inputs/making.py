"""`harness data make`: the four tables written, with a marker that says from what."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from harness.inputs import made, tables
from harness.inputs.people import Crowd, Person
from harness.inputs.schema import COLUMNS, COMPANIES
from harness.inputs.topics import Topic
from harness.inputs.wording import tweet

TEXT = COLUMNS.index("Tweet content")


@dataclass(frozen=True)
class MadeTable:
    """A table just written. `copy` is where what stood there before was kept, if it was not made by us."""

    company: str
    path: Path
    rows: int
    distinct: int
    seconds: float
    copy: Path | None


def human_writer(texts: list[str]) -> made.Writer:
    """A writer that deals out people's texts, each once before any comes again."""
    left: list[str] = []

    def write(_topic: Topic, _person: Person, _crowd: Crowd, _burst: bool, random: Random) -> tuple[str, str]:
        if not left:
            left.extend(sorted(texts, key=lambda _: random.random()))
        return left.pop(), "en"

    return write


def make_tables(folder: Path, rows: int, seed: int, human_texts: list[str] | None = None) -> Iterator[MadeTable]:
    """Write a table a company, and last the marker; yields each table as it is done.

    `human_texts` are used instead of made ones. A table that we did not make is copied before it is replaced.
    Raises BadInput if `folder` is a file, CannotWork where it can't be written.
    """
    tables.prepare(folder)
    before = tables.made_digests(folder)
    digests = {}
    for company in COMPANIES:
        start = time.perf_counter()
        writer = tweet if human_texts is None else human_writer(human_texts)
        lines = made.table(company, rows, seed, writer)
        content = tables.as_csv(lines)
        path = folder / f"{company}.csv"
        copy = tables.replace(path, content, ours=before.get(company))
        digests[company] = tables.digest(content)
        distinct = len({line[TEXT] for line in lines})
        yield MadeTable(company, path, len(lines), distinct, time.perf_counter() - start, copy)
    tables.mark(
        folder,
        seed=seed,
        rows=rows,
        texts="made" if human_texts is None else "real",
        version=made.VERSION,
        sha256=digests,
    )
