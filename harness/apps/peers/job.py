"""The job that every tool does: the tour's analysis of all companies, the same parts of the same tables for each."""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the tour's code takes a while to import, and when that happens belongs to what is measured
    import pandas as pd

    from harness.analysis.sequential import Analysis

DEADLINE = 600.0  # seconds that anything may take


@dataclass(frozen=True)
class Job:
    """Which tables are analysed, the first `rows` rows of each (None: all), by how many workers."""

    folder: Path
    rows: int | None
    workers: int

    def pieces(self) -> "Iterator[tuple[str, list[pd.DataFrame]]]":
        """Each company with parts of its table, see `parallel.cut`; a table is read when its parts are asked for."""
        from harness.analysis import parallel, tweets

        return parallel.cut(tweets.COMPANIES, self.folder, self.rows, self.workers)


def digest(found: "Mapping[str, Analysis]") -> str:
    """A digest of what was found, the same for equal findings."""
    content = [
        (
            company,
            sorted(vars(analysis.statistics).keys()),
            [str(value) for name, value in sorted(vars(analysis.statistics).items()) if name != "by_hour"],
            sorted((str(hour), count) for hour, count in analysis.statistics.by_hour.items()),
            sorted(analysis.lemmas.items()),
            analysis.positive,
        )
        for company, analysis in sorted(found.items())
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def seconds_alone(folder: Path, rows: int | None, half: int) -> float:
    """How long this process takes for every other company, without any other's help; what it finds is dropped."""
    from harness.analysis import sequential, tweets

    begin = time.perf_counter()
    sequential.run(list(tweets.COMPANIES)[half::2], folder, rows)
    return time.perf_counter() - begin
