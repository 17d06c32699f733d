"""What engines are at, now, shown: the task, each thread of the user's with values, and who waits for what."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from rich.console import Group, RenderableType
from rich.text import Text

from harness.engine.libraries import is_library, is_plumbing
from harness.store import Stack
from harness.views.frames import shown_frame
from harness.views.native import current_thread, fatal_lines
from harness.views.text import counted, duration, short

NAME, LINE = 80, 200
NATIVE = 40
"""Lines shown of a native stack."""


class AtNow(Protocol):
    """One engine, as `harness.triage.live` has it."""

    @property
    def engine(self) -> int: ...
    @property
    def pid(self) -> int | None: ...
    @property
    def task(self) -> dict[str, Any] | None: ...
    @property
    def stacks(self) -> list[Stack]: ...
    @property
    def waits(self) -> list[dict[str, Any]]: ...
    @property
    def native(self) -> str: ...


def at_now(engines: Sequence[AtNow], root: Path) -> RenderableType:
    """Engine after engine: threads that run the user's code, others counted; then what threads wait for."""
    parts: list[RenderableType] = []
    for one in engines:
        parts.append(Text(f"engine {one.engine}, process {one.pid or '?'}: {_task(one.task)}", "bold"))
        own = [stack for stack in one.stacks if any(_own(frame.file) for frame in stack.frames)]
        for stack in own:
            parts += [Text(f"thread {short(stack.thread, NAME)}", "dim")]
            parts += [shown_frame(frame, root) for frame in stack.frames]
        if others := len(one.stacks) - len(own):
            parts.append(Text(f"{counted(others, 'thread')} inside libraries", "dim"))
        parts += [Text(_wait(wait), "yellow") for wait in one.waits if wait.get("what")]
        if one.native:
            lines, others = current_thread(one.native)
            parts.append(Text("no recorded run goes on there, or its GIL is held: as faulthandler sees it", "dim"))
            parts += fatal_lines(lines[:NATIVE], root)
            if others:
                parts.append(Text(counted(others, "other thread"), "dim"))
        elif not one.stacks:
            parts.append(Text("it does not answer, and has no native stack: `harness cluster status`", "dim"))
        parts.append(Text(""))
    return Group(*parts[:-1]) if parts else Text("no engines")


def _task(task: dict[str, Any] | None) -> str:
    if task is None:
        return "at no recorded task"
    label = f" {short(str(task['label']), NAME)}" if task["label"] else ""
    return f"at task {task['task']}{label} for {duration(task['seconds'])}, in {short(str(task['function']), NAME)}"


def _wait(wait: dict[str, Any]) -> str:
    owners = f", held by {counted(len(wait['owners']), 'thread')}" if wait.get("owners") else ""
    return f"thread {short(str(wait['thread']), NAME)} waits for {short(str(wait['what']), LINE)}{owners}"


def _own(file: str) -> bool:
    return not (is_library(file) or is_plumbing(file) or file.startswith("<"))
