"""The verdict: one screen that says what happened in a run, where, with which values, and what to look at next."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harness.store import COUNTERS, Death, Difference, Frame, Hang, Outcome, Run
from harness.views.failures import Alike, by_relevance, decisive_frames, failures_of, grouped, in_question
from harness.views.frames import headline, marked, place, value_line, who
from harness.views.native import fatal_lines
from harness.views.signs import explained
from harness.views.text import LINE, NAME, WIDTH, counted, duration, handle, numbers, short, size, visible

MARGIN = 13
"""Columns that the labels take at most, with the gap after them."""
MOST_VALUES = 8
MOST_GROUPS = 6
MOST_MESSAGES = 3
MOST_WORDS = 40
MOST_SIGNS = 20
_VALUE = 150
_STOPS = {
    "deadline": "at the deadline",
    "endless": "when that was proven",
    "unanswered": "when it was no longer awaited",
}
"""Kinds of the event after which the harness ends a run that does not end by itself, as a time."""
_COLOURS = {"ok": "bold green", "unknown": "bold yellow", "slow": "bold yellow"}
Section = tuple[str, RenderableType]


def verdict(run: Run, root: Path) -> RenderableType:
    """The screen. Paths are shown relative to `root`, the workspace.

    A run without an outcome is said to be cut off, with what its events tell.
    """
    outcome = run.outcome
    sections: list[Section] = [_headline(run, outcome)]
    if outcome is None:
        sections += _unfinished(run)
    else:
        sections += _deaths(run, outcome.deaths, root)
        sections += _hangs(run, outcome.hangs, root, "where" if outcome.outcome == "hang" else "still at")
        if outcome.difference:
            sections.append(("differs", _difference(outcome.difference)))
    sections += _failures(run, root)
    if outcome is not None:
        if outcome.outcome == "ok" and outcome.result is not None:
            sections.append(("result", Text(short(outcome.result, 400))))
        if outcome.signs:
            sections.append(("signs", Group(*(_sign(sign) for sign in outcome.signs[:MOST_SIGNS]))))
        if counted_up := _counters(outcome):
            sections.append(("counted", Text(counted_up)))
    sections += [("run", _about(run, root)), ("next", _next(run, root))]
    table = Table.grid(padding=(0, 2), expand=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, body in sections:
        style = "dim" if label.islower() else _COLOURS.get(label.lower(), "bold red")
        table.add_row(Text(label, style), body)
    return table


def _headline(run: Run, outcome: Outcome | None) -> Section:
    if outcome is not None:
        return short(outcome.outcome, 12).upper(), Text(short(outcome.reason, 400), "bold")
    if (run.folder / "outcome.json").exists():
        return "CUT OFF", Text("the outcome of this run is there but cannot be read", "bold")
    return "CUT OFF", Text("the end of this run was never written: it is still going on, or was cut off", "bold")


def _unfinished(run: Run) -> list[Section]:
    """How far a run came whose end was never written, and what each engine was at."""
    submitted = {event.task for event in run.stream("submitted")}
    ended = {event.task for event in run.stream("end", "reply")}
    lines = [f"{counted(len(submitted), 'task')} sent, {len(ended & submitted)} ended"]
    last: dict[int, str] = {}
    for event in run.stream():
        if event.engine is not None:
            about = f" task {event.task}" if event.task is not None else ""
            after = duration(event.time - run.manifest.started)
            last[event.engine] = f"engine {event.engine}: {event.kind}{about}, after {after} (event {event.id})"
    lines += [f"last seen of {last[engine]}" for engine in sorted(last)]
    return [("so far", Text("\n".join(short(line, 200) for line in lines)))]


def _failures(run: Run, root: Path) -> list[Section]:
    groups = grouped(failures_of(run))
    if not groups:
        return []
    first = groups[0].first
    outcome = run.outcome
    told = outcome is not None and outcome.outcome == "exception"
    where: list[RenderableType] = [
        Text(who(first)).append(f"  (event {short(first.event, NAME)})" if first.event else "", "dim")
    ]
    recorded = run.traceback(first.traceback) if first.traceback else None
    frames = decisive_frames(recorded, first)
    where.append(place(first.file, first.line, first.function, root))
    if frames and frames[0].source:
        where.append(marked(frames[0].line, frames[0].source))
    if outcome is None or first.message not in outcome.reason:
        where.append(headline(first.type, short(first.message, 300)))
    sections: list[Section] = [("where" if told else "failed", Group(*where))]
    values = _values_around(frames)
    if values:
        sections.append(("values", Group(*_at_most(values, MOST_VALUES, "with --traceback"))))
    if len(groups) > 1 or len(groups[0].members) > 1:
        sections.append(("failures", Group(*_groups(groups, root))))
    return sections


def _groups(groups: list[Alike], root: Path) -> list[RenderableType]:
    total = sum(len(group.members) for group in groups)
    lines: list[RenderableType] = [
        Text(f"{counted(total, 'failure')} with {counted(len(groups), 'root')}, the first that showed comes first:")
    ]
    for group in groups[:MOST_GROUPS]:
        at = place(group.first.file, group.first.line, group.first.function, root)
        lines.append(Text.assemble(f"{len(group.members)} × ", (short(group.first.type, NAME), "bold"), "  ", at))
        for message, members in list(group.by_message().items())[:MOST_MESSAGES]:
            lines.append(_inset(Text(f"{_of_tasks(members)}{short(message, 100)}")))
        if (more := len(group.by_message()) - MOST_MESSAGES) > 0:
            lines.append(_inset(Text(counted(more, "other message"), "dim")))
    if len(groups) > MOST_GROUPS:
        lines.append(Text(f"{len(groups) - MOST_GROUPS} more with --traceback", "dim"))
    return lines


def _inset(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, 4))


def _of_tasks(members: Alike) -> str:
    """`tasks 3, 4 on engines 0, 1: `; empty for what failed in the client."""
    if not members.tasks:
        return ""
    engines = f" on {'engine' if len(members.engines) == 1 else 'engines'} {numbers(members.engines)}"
    tasks = f"{'task' if len(members.tasks) == 1 else 'tasks'} {numbers(members.tasks)}"
    return f"{tasks}{engines if members.engines else ''}: "


def _values_around(frames: list[Frame]) -> list[Text]:
    """The values of the decisive frame, then what else its callers know, each name and value once."""
    lines: list[Text] = []
    seen: set[tuple[str, str]] = set()
    for frame in frames:
        called = frame.function if frame is not frames[0] else ""
        new = {name: value for name, value in frame.locals.items() if (name, value) not in seen}
        seen.update(new.items())
        lines += _values(new, frame.source, called)
    return lines


def _values(values: dict[str, str], source: str, added: str = "") -> list[Text]:
    lines = []
    for name, value in by_relevance(values, source):
        if name.isidentifier():
            line = value_line(name, value, _VALUE)
            lines.append(line.append(f"   (in {short(added, NAME)})", "dim") if added else line)
    return lines


def _at_most(lines: list[Text], most: int, otherwise: str) -> Iterable[Text]:
    yield from lines[:most]
    if len(lines) > most:
        yield Text(f"{len(lines) - most} more {otherwise}", "dim")


def _hangs(run: Run, hangs: list[Hang], root: Path, label: str) -> list[Section]:
    sections: list[Section] = []
    for hang in hangs[:1]:
        where: list[RenderableType] = [_hanging(run, hang), place(hang.file, hang.line, hang.function, root)]
        if hang.source:
            where.append(marked(hang.line, hang.source))
        sections.append((label, Group(*where)))
        if hang.waits:
            sections.append(("waits", Group(*(Text(short(line, LINE)) for line in hang.waits[:MOST_GROUPS]))))
        if values := _values(hang.values, hang.source):
            sections.append(("values", Group(*_at_most(values, MOST_VALUES, "with --stacks"))))
    for hang in hangs[1 : 1 + MOST_GROUPS]:
        at = place(hang.file, hang.line, hang.function, root)
        more = [_inset(Text(short(hang.why, LINE)))] if hang.why not in ("", hangs[0].why) else []
        sections.append(("also", Group(_hanging(run, hang), _inset(at), *more)))
    if len(hangs) > 1 + MOST_GROUPS:
        sections.append(("also", Text(f"{len(hangs) - 1 - MOST_GROUPS} more", "dim")))
    waiting = [task for event in run.of_kind(*_STOPS) for task in event.data.get("outstanding", [])]
    begun = {event.task for event in run.stream("received", "begin")} if waiting else set()
    if never := [task for task in waiting if task not in begun]:
        sections.append(("waiting", Text(f"never begun: {'task' if len(never) == 1 else 'tasks'} {numbers(never)}")))
    return sections


def _hanging(run: Run, hang: Hang) -> Text:
    """Who hung, since when, how it was ended."""
    if hang.engine is None:
        who = "main, in the client" if hang.task is None else f"task {hang.task}, in the queue"
    else:
        label = f" {short(hang.label, NAME)}" if hang.label else ""
        who = f"engine {hang.engine}, task {hang.task}{label}" if hang.task is not None else f"engine {hang.engine}"
    began = [event.time for event in run.stream("begin") if (event.engine, event.task) == (hang.engine, hang.task)]
    stops = run.of_kind(*_STOPS)
    since = f", at it for {duration(stops[-1].time - began[-1])} {_STOPS[stops[-1].kind]}" if began and stops else ""
    ended = f", then {short(hang.how_ended, NAME)}" if hang.how_ended else ""
    return Text(f"{who}{since}{ended}").append(f"  (event {short(hang.event, NAME)})" if hang.event else "", "dim")


def _deaths(run: Run, deaths: list[Death], root: Path) -> list[Section]:
    sections: list[Section] = []
    for death in deaths[:MOST_GROUPS]:
        at = f"while it had task {death.task} {death.label}".rstrip() if death.task is not None else "between tasks"
        event = f"  (event {short(death.event, NAME)})" if death.event else ""
        lines = [
            Text(short(f"engine {death.engine}, pid {death.pid}, {how_it_ended(death)}, {at}", LINE)).append(
                event, "dim"
            )
        ]
        began = [one.time for one in run.stream("begin") if (one.engine, one.task) == (death.engine, death.task)]
        noticed = [one.time for one in run.of_kind("death") if one.id == death.event]
        if began and noticed:
            lines.append(Text(f"the task had begun {duration(noticed[-1] - began[-1])} before"))
        if death.memory:
            lines.append(Text(f"it had {size(death.memory)} of memory at most"))
        if death.out_of_memory:
            lines.append(Text(f"out of memory: {short(death.out_of_memory, LINE)}", "bold"))
        sections.append(("died", Group(*lines)))
        if death.file is not None:
            sections.append(("where", place(death.file, death.line, death.function, root)))
        if death.last_words:
            sections.append(("last words", Group(*fatal_lines(death.last_words[:MOST_WORDS], root))))
    return sections


def how_it_ended(death: Death) -> str:
    """`by signal 11, SIGSEGV`; `with exit code 3`."""
    if death.signal is not None:
        return f"by signal {death.signal}, {death.signal_name}" if death.signal_name else f"by signal {death.signal}"
    if death.exit_code is None:
        return "how is not known"
    by_signal = f" (128 + {death.exit_code - 128}: by signal, told by a shell)" if 128 < death.exit_code < 160 else ""
    return f"with exit code {death.exit_code}{by_signal}"


def _difference(difference: Difference) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    for label, text in (("at", difference.where), ("got", difference.got), ("expected", difference.expected)):
        grid.add_row(Text(label, "dim"), Text(short(text, 400)))
    return grid


def _sign(sign: str) -> Text:
    said = explained(sign)
    return Text.assemble((short(sign, NAME), "yellow"), f": {said}" if said else "")


def _counters(outcome: Outcome) -> str:
    known = dict(outcome.counters)
    parts = []
    if (tasks := known.pop("tasks", None)) is not None:
        used = known.pop("engines_used", None)
        parts.append(counted(tasks, "task") + (f" on {counted(used, 'engine')}" if used is not None else ""))
    for name, words in (("bytes_out", "sent"), ("bytes_back", "back")):
        if (count := known.pop(name, None)) is not None:
            parts.append(f"{size(count)} {words}")
    if (inside := known.pop("seconds_in_tasks", None)) is not None:
        parts.append(f"{duration(inside)} in tasks")
    if (share := known.pop("busy_share", None)) is not None:
        parts.append(f"engines busy {share:.0%}")
    if (met := known.pop("met", None)) is not None:
        parts.append("tasks worked at the same time" if met else "tasks never worked at the same time")
    parts += [_counter(name, value) for name, value in known.items() if value]
    return ", ".join(parts)


def _counter(name: str, value: float) -> str:
    """`overlap 97%`; of a counter that a newer harness wrote, its name and number."""
    known = COUNTERS.get(name)
    shown = known.shown.format(value) if known else f"{value:g}"
    return f"{short(name, NAME).replace('_', ' ')} {shown}"


def _about(run: Run, root: Path) -> Text:
    manifest = run.manifest
    folder = visible(str(run.folder.relative_to(root) if run.folder.is_relative_to(root) else run.folder))
    parts = [f"{manifest.target}, {manifest.variant}", f"{counted(manifest.engines, 'engine')} ({manifest.backend})"]
    if manifest.seed is not None:
        parts.append(f"seed {manifest.seed}")
    if manifest.ended is not None:
        parts.append(f"took {duration(manifest.ended - manifest.started)}")
    if manifest.deadline is not None:
        parts.append(f"deadline {manifest.deadline:g} s")
    return Text(short(", ".join(parts), LINE) + f"\n{folder}")


def _next(run: Run, root: Path) -> RenderableType:
    """Commands that show more of this run, the most telling first; never cut, so that they can be copied."""
    commands = [(_naming(command, handle(run, root)), why) for command, why in _commands(run)]
    widest = max(len(command) for command, _ in commands)
    beside = widest + 2 + max(len(why) for _, why in commands) <= WIDTH - MARGIN
    text = Text(overflow="fold")
    for command, why in commands:
        text.append(command, "cyan")
        text.append(" " * (widest + 2 - len(command)) + why + "\n" if beside else f"\n    {why}\n", "dim")
    text.right_crop(1)
    return text


def _naming(command: str, name: str) -> str:
    """`harness show --events` with the run's name after the verb."""
    program, verb, *options = command.split(" ")
    return " ".join([program, verb, name, *options])


def _commands(run: Run) -> list[tuple[str, str]]:
    outcome = run.outcome
    commands: list[tuple[str, str]] = []
    if next(run.stream("step"), None):
        return [
            ("harness show --schedule", "the order of its steps, drawn"),
            ("harness show --events", "every step, with its id"),
        ]
    failures = failures_of(run)
    engine, task = in_question(run)
    if failures or (outcome is not None and outcome.hangs):
        commands.append(("harness show --traceback", "every frame, with its values"))
    if outcome is not None and outcome.hangs:
        commands.append(("harness show --stacks", "every thread, with its values"))
    if engine is not None:
        of_task = f" --task {task}" if task is not None else ""
        commands.append((f"harness logs --engine {engine}{of_task}", "what was logged there"))
    else:
        commands.append(("harness logs --merge", "all engines' logs, by time"))
    if outcome is not None and outcome.deaths and engine is not None:
        commands.append((f"harness logs --engine {engine} --raw", "what it wrote until its end"))
    commands.append(
        ("harness show --events" + (f" --task {task}" if task is not None else ""), "what happened, in order")
    )
    if outcome is None or outcome.outcome not in ("exception", "wrong"):
        commands.append(("harness timeline", "which engine did what, when"))
    return commands
