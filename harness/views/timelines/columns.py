"""Time cut into columns: what an engine did in each, what was used in each; for drawings of any number of tasks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from harness.store.spans import Span
from harness.views.timelines.model import Timeline, Use

ALONE = 0.6
"""A group that takes this share of what is in a column stands for it; else it is mixed."""


@dataclass(slots=True)
class Column:
    """What an engine did in one column: seconds by group and by phase, how its tasks ended, which they were."""

    groups: dict[str, float] = field(default_factory=dict)
    phases: dict[str, float] = field(default_factory=dict)
    statuses: set[str] = field(default_factory=set)
    tasks: int = 0
    task: int = 0
    """The number of the last one."""

    @property
    def busy(self) -> float:
        """Seconds with a task."""
        return sum(self.groups.values())

    @property
    def group(self) -> str | None:
        """The group that stands for the column; None if it is mixed."""
        name = max(self.groups, key=self.groups.__getitem__)
        return name if len(self.groups) == 1 or self.groups[name] >= ALONE * self.busy else None

    @property
    def phase(self) -> str:
        """The phase that most of the time went to; empty where phases are not known."""
        return max(self.phases, key=self.phases.__getitem__) if self.phases else ""


class Scale:
    """Columns of equal length from a timeline's start to its end."""

    def __init__(self, timeline: Timeline, columns: int) -> None:
        self.columns = columns
        self.start, self.end = timeline.start, timeline.end
        self.width = timeline.length / columns

    def column(self, time: float) -> int:
        """The column of a time; of one outside the first or the last."""
        return min(self.columns - 1, max(0, int((time - self.start) / self.width)))

    def parts(self, start: float, end: float) -> Iterable[tuple[int, float]]:
        """The columns from `start` to `end`, with the seconds in each; never none."""
        first, last = self.column(start), self.column(end)
        for column in range(first, last + 1):
            begin = self.start + column * self.width
            yield column, max(0.0, min(end, begin + self.width) - max(start, begin))


def lane(spans: Iterable[Span], scale: Scale) -> list[Column | None]:
    """One engine's columns; None where it had no task. `spans` are that engine's."""
    found: list[Column | None] = [None] * scale.columns
    for span in spans:
        for index, seconds in scale.parts(span.start, span.end):
            at = found[index]
            if at is None:
                at = found[index] = Column()
            at.groups[span.group] = at.groups.get(span.group, 0.0) + seconds
            at.statuses.add(span.status)
            at.tasks += 1
            at.task = span.task
        begin = span.start
        for name, length in span.phases.items():
            for index, seconds in scale.parts(begin, begin + length):
                if (at := found[index]) is not None:
                    at.phases[name] = at.phases.get(name, 0.0) + seconds
            begin += length
    return found


def used(uses: Iterable[Use], of: Callable[[Use], float], scale: Scale) -> list[float | None]:
    """A figure of each use as a mean over time in each column; None where nothing was sampled."""
    sums, seconds = [0.0] * scale.columns, [0.0] * scale.columns
    for use in uses:
        for index, length in scale.parts(use.start, use.end):
            sums[index] += of(use) * length
            seconds[index] += length
    return [total / length if length > 0 else None for total, length in zip(sums, seconds, strict=True)]


def most_waiting(timeline: Timeline, scale: Scale) -> list[int]:
    """The most tasks that waited for an engine at any moment of each column."""
    found = [0] * scale.columns
    before = 0
    at = 0
    for time, waiting in timeline.waiting:
        column = scale.column(time)
        for passed in range(at, column + 1):
            found[passed] = max(found[passed], before)
        found[column] = max(found[column], waiting)
        before, at = waiting, column
    for passed in range(at, scale.columns):
        found[passed] = max(found[passed], before)
    return found
