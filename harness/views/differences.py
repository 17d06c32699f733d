"""What differs between two runs, usually one that fails and one that does not: the first divergence, then the rest."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from harness.store import Event, Run, payloads
from harness.views.records import records_of
from harness.views.text import duration, handle, numbers, short, size

MOST = 12
"""Lines shown of one kind of difference."""
_SEEN = {"client": ("submitted", "reply"), "engine": ("begin", "raised", "end", "interrupted")}
_TOLD = ("status", "function", "label", "type", "message", "file", "line", "signal_name", "exit_code", "left")
_UNSTEADY = re.compile(
    r"0x[0-9a-f]+|\b[ce]\d*[a-z]?-\d+\b|\btarget_\w+_[0-9a-f]{8}\b|\bpid \d+|\d+\.\d+ (?:ms|s)\b"
    r"|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?Z?"
)
_PLACE = re.compile(r"\| [^|]*:([^:|]+):\d+ \|")
"""Where a record was logged: module and line change with every edit, the function rarely."""


@dataclass(frozen=True)
class Difference:
    """One difference: what it is about, how it is in either run."""

    what: str
    one: str
    other: str


@dataclass(frozen=True)
class Differences:
    """All that differs, by kind in the order of how much it usually explains; `first` is None if no task differs."""

    first: Difference | None
    kinds: dict[str, list[Difference]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.kinds.values())


def compare(one: Run, other: Run) -> Differences:
    """What differs between two runs. Times, ids, processes and addresses are left out of the comparison."""
    stories = _stories(one), _stories(other)
    tasks = _tasks(*stories)
    kinds = {
        "outcome": _outcome(one, other),
        "inputs": _inputs(one, other),
        "tasks": [difference for _, difference in tasks],
        "order": _order(one, other),
        "engines": _engines(*stories),
        "set-up": _set_up(one, other),
        "logs": _logs(one, other),
    }
    earliest = min(tasks, key=lambda timed: timed[0], default=None)
    return Differences(earliest[1] if earliest else None, {kind: found for kind, found in kinds.items() if found})


Story = list[tuple[str, Event]]


def _stories(run: Run) -> dict[int, Story]:
    """Task → what happened to it, each step as a line without times and ids, with its event."""
    found: dict[int, Story] = {}
    for event in run.stream():
        seen = _SEEN["client" if event.engine is None else "engine"]
        if event.task is not None and (event.kind in seen or event.kind == "death"):
            told = ", ".join(f"{event.data[key]}" for key in _TOLD if event.data.get(key) not in (None, "", []))
            found.setdefault(event.task, []).append((_steady(f"{event.kind} {told}".strip()), event))
    return found


def _steady(text: str) -> str:
    return _UNSTEADY.sub("…", text)


def _tasks(one: dict[int, Story], other: dict[int, Story]) -> list[tuple[float, Difference]]:
    """For each task whose story differs: when it first does, in seconds since the epoch, and how."""
    found = []
    for task in sorted(one.keys() | other.keys()):
        here, there = one.get(task, []), other.get(task, [])
        step = next((i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a[0] != b[0]), None)
        if step is None and len(here) == len(there):
            continue
        step = min(len(here), len(there)) if step is None else step
        time = here[step][1].time if step < len(here) else here[-1][1].time if here else 0.0
        found.append((time, Difference(f"task {task}{_label(here or there)}", _step(here, step), _step(there, step))))
    return found


def _label(story: Story) -> str:
    label = next((event.data["label"] for _, event in story if event.data.get("label")), "")
    return f" {short(label, 40)}" if label else ""


def _step(story: Story, step: int) -> str:
    if not story:
        return "there is no such task"
    if step >= len(story):
        return f"nothing more after: {short(story[-1][0], 120)}"
    text, event = story[step]
    return f"{short(text, 160)} ({event.id})"


def _outcome(one: Run, other: Run) -> list[Difference]:
    here, there = ([_ended(run), *_details(run)] for run in (one, other))
    found = [Difference("outcome", here[0], there[0])] if here[0] != there[0] else []
    names = ("signs", "result differs at", "got", "expected")
    return found + [
        Difference(name, a or "–", b or "–") for name, a, b in zip(names, here[1:], there[1:], strict=True) if a != b
    ]


def _ended(run: Run) -> str:
    return "cut off" if run.outcome is None else f"{run.outcome.outcome}: {_steady(run.outcome.reason)}"


def _details(run: Run) -> list[str]:
    outcome = run.outcome
    if outcome is None:
        return ["", "", "", ""]
    difference = outcome.difference
    at = [difference.where, difference.got, difference.expected] if difference else ["", "", ""]
    return [", ".join(outcome.signs), *at]


def _inputs(one: Run, other: Run) -> list[Difference]:
    if one.manifest.source_hash != other.manifest.source_hash:
        return []  # a message holds the function, too
    here, there = _payloads(one), _payloads(other)
    return [
        Difference(f"what task {task} was sent", *(size(sent[task]["bytes"]) for sent in (here, there)))
        for task in sorted(here.keys() & there.keys())
        if here[task].get("parts") != there[task].get("parts") and here[task]["bytes"] != there[task]["bytes"]
    ]


def _payloads(run: Run) -> dict[int, dict[str, Any]]:
    return {about["task"]: about for about in payloads.listed(run.folder)}


def _order(one: Run, other: Run) -> list[Difference]:
    """The order in which tasks began, as far as both runs have them."""
    here, there = ([event.task for event in run.stream("begin") if event.task is not None] for run in (one, other))
    both = set(here) & set(there)
    here, there = ([task for task in order if task in both] for order in (here, there))
    if here == there:
        return []
    return [Difference("tasks began in the order", numbers(here, 20), numbers(there, 20))]


def _engines(one: dict[int, Story], other: dict[int, Story]) -> list[Difference]:
    here, there = ({task: _engine(story) for task, story in stories.items()} for stories in (one, other))
    moved = [task for task in sorted(here.keys() & there.keys()) if here[task] != there[task]]
    return [Difference(f"task {task} was on engine", here[task], there[task]) for task in moved]


def _engine(story: Story) -> str:
    engines = [str(event.engine) for _, event in story if event.kind == "begin"]
    return ", then ".join(engines) or "none"


def _set_up(one: Run, other: Run) -> list[Difference]:
    here, there = one.manifest, other.manifest
    found = []
    for name in ("target", "variant", "source_hash", "seed", "engines", "backend", "deadline"):
        a, b = getattr(here, name), getattr(there, name)
        if a != b:
            what = {"source_hash": "source (hash)"}.get(name, name)
            found.append(Difference(what, *(str(value)[:12] for value in (a, b))))
    for what, a, b in (("", here.versions, there.versions), ("$", here.environment, there.environment)):
        for name in sorted(a.keys() | b.keys()):
            if a.get(name) != b.get(name):
                found.append(Difference(f"{what}{name}", a.get(name, "–"), b.get(name, "–")))
    return found


def _logs(one: Run, other: Run) -> list[Difference]:
    """Lines that one run's tasks logged and the other's did not, task by task."""
    here, there = _lines(one), _lines(other)
    found = []
    for task in sorted(here.keys() | there.keys(), key=lambda task: (task is None, task or 0)):
        a, b = here.get(task, []), there.get(task, [])
        for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            if tag != "equal":
                name = "between tasks" if task is None else f"task {task}"
                found.append(Difference(name, _joined(a[i:j]), _joined(b[k:m])))
    return found


def _joined(lines: Sequence[str]) -> str:
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    return f"{lines[0]}{more}" if lines else "–"


def _lines(run: Run) -> dict[int | None, list[str]]:
    found: dict[int | None, list[str]] = {}
    for engine in run.engines:
        for record in records_of(run, engine):
            told = _PLACE.sub(r"| \1 |", record.lines[0].split(" | ", 3)[-1], count=1)
            found.setdefault(record.task, []).append(_steady(told))
    return found


def differences(one: Run, other: Run, root: Path) -> RenderableType:
    """The comparison as text: the first divergence on top; `−` is the first run, `+` the second."""
    found = compare(one, other)
    lines = [Text(f"− {handle(one, root)}  {_how(one)}"), Text(f"+ {handle(other, root)}  {_how(other)}"), Text("")]
    if not found:
        return Group(*lines[:2], Text("no difference but times, ids and processes"))
    if found.first:
        lines += [Text("the first divergence", "bold"), *_shown([found.first])]
    for kind, listed in found.kinds.items():
        lines += [Text(kind, "bold"), *_shown(listed)]
    return Group(*lines)


def _how(run: Run) -> str:
    took = "" if run.manifest.ended is None else f", {duration(run.manifest.ended - run.manifest.started)}"
    return f"{short(run.manifest.target, 60)} {short(run.manifest.variant, 40)}: {short(_ended(run), 200)}{took}"


def _shown(listed: list[Difference]) -> Iterator[Text]:
    for one in listed[:MOST]:
        yield Text(f"  {short(one.what, 80)}")
        yield Text(f"    − {short(one.one, 300)}", "red")
        yield Text(f"    + {short(one.other, 300)}", "green")
    if len(listed) > MOST:
        yield Text(f"  … and {len(listed) - MOST} more")
