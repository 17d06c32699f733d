"""The events of a run as a table, one a line, with the ids that a diagnosis names."""

import textwrap
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from rich.console import RenderableType
from rich.text import Text

from harness.store import Event, Run
from harness.views.frames import check_engine, check_task
from harness.views.text import WIDTH, short, shown_path, visible

MOST_EVENTS = 2_000
"""Events at the beginning, and at the end, that are shown at most."""
MOST = 1000
"""Characters of an event that is shown whole."""
_COLOURS = {
    "raised": "red",
    "death": "red",
    "deadline": "red",
    "endless": "red",
    "not-sent": "red",
    "not-restored": "yellow",
    "engine-replaced": "yellow",
    "interrupted": "yellow",
}
_FIRST = ("status", "bytes", "cpu", "run")
"""What of an event's data stands first, as lines are cut at the screen's edge."""


def events(
    run: Run, root: Path, task: int | None = None, engine: int | None = None, width: int = WIDTH
) -> RenderableType:
    """The events by time, seconds since the run's start; of one task, of one engine, or all. Those of a task are whole;
    of very many, the first and the last are shown.

    Raises BadInput for a task or an engine that is not in the record.
    """
    if task is not None:
        check_task(run, task)
    if engine is not None:
        check_engine(run, engine)
    text = Text("   seconds  who       task  id        what\n", "dim", no_wrap=True, overflow="ellipsis")
    for event in _first_and_last(event for event in run.stream() if _is_of(event, task, engine)):
        if isinstance(event, int):
            text.append(f"... {event} events are left out here; --task or --engine shows fewer ...\n", "bold")
            continue
        line = _line(event, run.manifest.started, root, width, whole=task is not None)
        text.append(line + "\n", _COLOURS.get(event.kind, ""))
    if run.cut_off:
        text.append("the end of this run was never written: it is still going on, or was cut off\n", "bold")
    text.right_crop(1)
    return text


def _is_of(event: Event, task: int | None, engine: int | None) -> bool:
    return task in (None, event.task) and engine in (None, event.engine)


def _first_and_last(events: Iterator[Event]) -> Iterator[Event | int]:
    """The first MOST_EVENTS, and the last; between them the number of those left out, if there are any."""
    yield from islice(events, MOST_EVENTS)
    last, count = deque[Event](maxlen=MOST_EVENTS), 0
    for event in events:
        last.append(event)
        count += 1
    if count > len(last):
        yield count - len(last)
    yield from last


def _line(event: Event, origin: float, root: Path, width: int, *, whole: bool) -> str:
    who = "client" if event.engine is None else f"engine {event.engine}"
    task = "-" if event.task is None else event.task
    head = f"{event.time - origin:10.4f}  {who:<8}  {task:>4}  {short(event.id, 12):<8}  "
    room = max(20, width - len(head))
    what = short(f"{event.kind} {_details(event, root)}", MOST if whole else room)
    return head + ("\n" + " " * len(head)).join(textwrap.wrap(what, room))


def _details(event: Event, root: Path) -> str:
    """What an event says beyond its kind, the telling parts first."""
    data = dict(event.data)
    parts = []
    if event.kind == "step":
        return visible(f"{_at_line(data)}{_of_thread(data)}{data.get('did')}")
    if data.get("type") is not None:
        message = data.pop("message", None)
        parts.append(str(data.pop("type")) + (f": {message}" if message else ""))
    if isinstance(data.get("file"), str):
        parts.append(f"at {shown_path(data.pop('file'), root)}:{data.pop('line', '?')}")
    if isinstance(seconds := data.pop("seconds", None), dict):
        data["run"] = seconds.get("run")
    names = sorted(data, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    parts += [f"{name}={_figure(data[name])}" for name in names if data[name] not in (None, False, [], "")]
    return visible(" ".join(parts))


def _at_line(step: dict[str, object]) -> str:
    """Where in the user's code a step was taken, by the name of its file: there is only one."""
    return f"{Path(str(step['file'])).name}:{step.get('line', '?')} " if "file" in step else ""


def _of_thread(step: dict[str, object]) -> str:
    """Which thread of its task took a step, if it is not the task's own."""
    _, of_task, thread = str(step.get("actor", "")).partition("'s ")
    return f"{thread} " if of_task else ""


def _figure(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value
