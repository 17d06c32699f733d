"""Recorded tracebacks and stacks as text: each frame with its line and the values of its locals."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from harness.engine.frames import is_library, is_plumbing
from harness.errors import BadInput
from harness.store import Event, Failure, Frame, Run, Traceback
from harness.views.failures import by_relevance, failures_of, grouped
from harness.views.native import current_thread, fatal_lines
from harness.views.text import LINE, NAME, counted, numbers, short, shown_path, visible

MOST_SHOWN = 20
MOST_LINKS = 12
MOST_NATIVE_LINES = 200
VALUE = 400
_MESSAGE = 2000


def place(file: str | None, line: int | None, function: str | None, root: Path) -> Text:
    """`exercises/01_x/task.py:6 in average`; says so where it is not known."""
    if file is None:
        return Text("place not known", "dim")
    shown = Text(f"{shown_path(file, root)}:{line}", "cyan")
    return shown.append(f" in {short(function, NAME)}", "default") if function else shown


def marked(line: int | None, source: str) -> Text:
    """The line of source that failed, marked."""
    return Text.assemble(("> ", "bold red"), (f"{line} | ", "dim"), (short(source.strip(), LINE), "bold"))


def value_line(name: str, value: str, limit: int = VALUE) -> Text:
    """`name = value`."""
    return Text.assemble((short(name, NAME), "green"), " = ", short(value, limit))


def shown_frame(frame: Frame, root: Path) -> RenderableType:
    """A frame's place, its line, and its values."""
    lines: list[RenderableType] = [place(frame.file, frame.line, frame.function, root)]
    if frame.source:
        lines.append(Padding(Text(short(frame.source.strip(), LINE), "bold"), (0, 0, 0, 2)))
    lines += [
        Padding(value_line(name, value), (0, 0, 0, 6)) for name, value in by_relevance(frame.locals, frame.source)
    ]
    return Padding(Group(*lines), (0, 0, 0, 2))


def exception_lines(traceback: Traceback, root: Path, depth: int = 0) -> list[RenderableType]:
    """An exception as a person reads it: causes first, frames outermost first, type and message last."""
    if depth > MOST_LINKS:
        return [Text("... further causes and members left out ...", "dim")]
    parts: list[RenderableType] = []
    if traceback.cause is not None:
        why = "was the direct cause of this one" if traceback.cause.explicit else "was being handled when this one came"
        parts += exception_lines(traceback.cause, root, depth + 1)
        parts.append(Text(f"\nThe exception above {why}:\n", "italic"))
    if traceback.frames_left_out:
        parts.append(Text(f"  ... {counted(traceback.frames_left_out, 'frame')} further out not recorded ...", "dim"))
    parts += [shown_frame(frame, root) for frame in traceback.frames]
    parts.append(headline(traceback.type, traceback.message))
    parts += [Text(f"  note: {short(note, LINE)}", "italic") for note in traceback.notes]
    for index, member in enumerate(traceback.members, 1):
        parts.append(Text(f"member {index}:", "bold"))
        parts.append(Padding(Group(*exception_lines(member, root, depth + 1)), (0, 0, 0, 2)))
    return parts


def headline(kind: str, message: str) -> Text:
    """Type and message of an exception, the message's own lines kept."""
    lines = [visible(line) for line in message[:_MESSAGE].split("\n")]
    return Text.assemble((short(kind, NAME), "bold red"), f": {chr(10).join(lines)}" if message else "")


def who(failure: Failure) -> str:
    """`task 4 nflx on engine 0, attempt 2`; `main` for what failed in the client."""
    if failure.task is None:
        return "main, in the client"
    on = f" on engine {failure.engine}" if failure.engine is not None else ""
    again = f", attempt {failure.attempt}" if failure.attempt > 1 else ""
    return short(f"task {failure.task} {failure.label}".rstrip(), NAME) + on + again


def traceback(run: Run, root: Path, task: int | None = None) -> RenderableType:
    """The recorded exceptions with values: one for each root of failures, or all of one task.

    Raises BadInput if the task is not in the record.
    """
    failures = failures_of(run)
    if task is not None:
        check_task(run, task)
        chosen = [(one, "") for one in failures if one.task == task]
    else:
        chosen = [(group.first, _alike(group.tasks)) for group in grouped(failures)]
    if not chosen and (interrupted := _interrupted(run, task)):
        return _tracebacks_of_hangs(run, root, interrupted)
    if not chosen:
        whose = "of this run" if task is None else f"of task {task}"
        stacks_ = "; --stacks shows what was at work at the end" if run.outcome and run.outcome.hangs else ""
        return Text(f"No failure {whose} is recorded{stacks_}.")
    parts: list[RenderableType] = []
    for one, alike in chosen[:MOST_SHOWN]:
        event = f" (event {short(one.event, NAME)})" if one.event else ""
        parts += [Text(f"{who(one)}{event}{alike}", "bold"), Text("")]
        recorded = run.traceback(one.traceback) if one.traceback else None
        if recorded is not None:
            parts += exception_lines(recorded, root)
        else:
            parts += [place(one.file, one.line, one.function, root), headline(one.type, one.message)]
        parts.append(Text(""))
    if len(chosen) > MOST_SHOWN:
        parts.append(Text(f"{len(chosen) - MOST_SHOWN} more are in {visible(str(run.folder / 'tracebacks'))}"))
    return Group(*parts[:-1]) if parts[-1] == Text("") else Group(*parts)


def _interrupted(run: Run, task: int | None) -> list[Event]:
    """The events of what was raised in the tasks that hung, when they were stopped."""
    hung = {(hang.engine, hang.task) for hang in run.outcome.hangs} if run.outcome else set()
    found = [event for event in run.stream("raised") if (event.engine, event.task) in hung]
    return [event for event in found if task in (None, event.task)]


def _tracebacks_of_hangs(run: Run, root: Path, interrupted: list[Event]) -> RenderableType:
    parts: list[RenderableType] = []
    for event in interrupted[:MOST_SHOWN]:
        title = f"task {event.task} on engine {event.engine}, where it was when it was stopped (event {event.id})"
        parts += [Text(short(title, LINE), "bold"), Text("")]
        recorded = run.traceback(str(event.data.get("traceback")))
        parts += exception_lines(recorded, root) if recorded else [Text("its traceback was not recorded")]
        parts.append(Text(""))
    return Group(*parts[:-1])


def _alike(tasks: list[int]) -> str:
    return f"; alike: tasks {numbers(tasks[1:])}" if len(tasks) > 1 else ""


def check_task(run: Run, task: int) -> None:
    """Raise BadInput if no event speaks of this task."""
    first = last = None
    for event in run.stream():
        if event.task == task:
            return
        if event.task is not None:
            first, last = min(event.task, first or event.task), max(event.task, last or event.task)
    there = "it has no tasks" if last is None else f"its tasks are {first} to {last}"
    raise BadInput(f"{run.name} has no task {task}; {there}")


def check_engine(run: Run, engine: int, others: Iterable[int] = ()) -> None:
    """Raise BadInput if no event or file of the run is of this engine."""
    known = sorted({*run.engines, *others})
    if engine not in known:
        there = f"its engines are {numbers(known)}" if known else "no engine has written anything"
        raise BadInput(f"{run.name} has no engine {engine}; {there}")


def stacks(run: Run, root: Path) -> RenderableType:
    """What each engine at work was doing at the deadline: threads in the user's code, else the main one; native stacks.

    Threads that only wait inside libraries are counted, not shown.
    """
    parts: list[RenderableType] = []
    for engine in [*run.engines, None]:
        recorded = run.stacks(engine)
        named = "the client" if engine is None else f"engine {engine}"
        file = "client" if engine is None else f"engine-{engine}"
        shown = [stack for stack in recorded if stack.main or any(_own(frame.file) for frame in stack.frames)]
        for stack in shown:
            parts += [Text(f"{named}, thread {short(stack.thread, NAME)}", "bold")]
            parts += [*(shown_frame(frame, root) for frame in stack.frames), Text("")]
        if waiting := len(recorded) - len(shown):
            kept = f"stacks/{file}.json"
            parts += [Text(f"{named}: {counted(waiting, 'thread')} inside libraries: {kept}", "dim"), Text("")]
        if native := run.native_stack(engine):
            lines, others = current_thread(native)
            why = "" if engine is None else ": it did not answer, as when the GIL is held; so there are no values"
            parts.append(Text(f"{named}, as faulthandler saw it{why}", "bold"))
            parts += fatal_lines(lines[:MOST_NATIVE_LINES], root)
            if others:
                parts.append(Text(f"{counted(others, 'other thread')}: stacks/{file}.native.txt", "dim"))
            parts.append(Text(""))
    return Group(*parts[:-1]) if parts else Text("No stacks are recorded: no task was at work when the run ended.")


def _own(file: str) -> bool:
    return not (is_library(file) or is_plumbing(file))


def not_imported(failed: Traceback, root: Path) -> RenderableType:
    """A target that could not be imported: where its file failed, and how."""
    at = failed.frames[-1]
    lines: list[RenderableType] = [Text("The file could not be imported, so nothing ran:", "bold")]
    lines += [place(frame.file, frame.line, frame.function, root) for frame in failed.frames[:-1]]
    lines.append(place(at.file, at.line, at.function, root))
    if at.source:
        lines.append(marked(at.line, at.source))
    lines.append(headline(failed.type, failed.message))
    return Group(*lines)
