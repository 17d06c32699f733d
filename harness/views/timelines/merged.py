"""Neighbouring tasks of an engine put together, for drawings that can't hold each of them."""

from collections import defaultdict
from collections.abc import Sequence

from harness.store.spans import DIED, FAILED, OK, OPEN, Span
from harness.views.text import counted
from harness.views.timelines.columns import Scale, lane
from harness.views.timelines.model import OTHERS, Timeline


def merged(timeline: Timeline, engines: Sequence[int], most: int) -> list[Span]:
    """Spans of these engines, `most` altogether: one for each column of time in which an engine had tasks.

    It is as long as the engine was busy in the column, ends as the worst of its tasks did, and says how many there are.
    """
    spans: dict[int, list[Span]] = defaultdict(list)
    for span in timeline.spans:
        spans[span.engine].append(span)
    scale = Scale(timeline, max(1, most // max(1, len(engines))))
    found = []
    for engine in engines:
        for at, column in enumerate(lane(spans[engine], scale)):
            if column is None:
                continue
            start = scale.start + at * scale.width
            worst = next(status for status in (FAILED, DIED, OPEN, OK) if status in column.statuses)
            end = min(timeline.end, start + column.busy)
            group = column.group or OTHERS
            found.append(Span(engine, column.task, start, end, worst, group, "", None, counted(column.tasks, "task")))
    return sorted(found, key=lambda span: span.start)
