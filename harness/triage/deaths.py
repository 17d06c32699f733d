"""What an engine that ended leaves behind: the task it had, its last words, where they point, its memory."""

import collections
import itertools
from collections.abc import Iterable

from harness import cluster
from harness.engine.frames import NATIVE_FRAME
from harness.engine.libraries import is_library, is_plumbing
from harness.store import Death, Run
from harness.triage import memory

LAST_WORDS = 12
"""Lines of the end of its raw output that are kept."""
MOST_READ = 5000
"""Lines of the end of its raw output that are looked through."""


def described(run: Run, deaths: Iterable[cluster.Death], watch: memory.MemoryWatch) -> list[Death]:
    """The deaths as the outcome lists them, in the order in which they were noticed."""
    noted = {event.data["pid"]: event.id for event in run.of_kind("death")}
    return [_described(run, death, watch, noted.get(death.pid)) for death in deaths]


def _described(run: Run, death: cluster.Death, watch: memory.MemoryWatch, event: str | None) -> Death:
    task, label = task_of_dead(run, death.pid)
    words = list(collections.deque(run.raw_output(death.engine), MOST_READ))
    last_words, at = _last_words(words)
    killed = death.signal_name == "SIGKILL"
    return Death(
        engine=death.engine,
        pid=death.pid,
        task=task,
        label=label,
        exit_code=death.exit_code,
        signal=death.signal,
        signal_name=death.signal_name,
        event=event,
        memory=death.memory,
        out_of_memory=memory.evidence(watch, death.pid, killed, death.memory, _before_the_end(words)),
        last_words=last_words,
        file=at["file"] if at else None,
        line=int(at["line"]) if at else None,
        function=at["function"] if at else None,
    )


def _before_the_end(words: list[str]) -> list[str]:
    """The last lines that the process wrote itself, before the stack that a fatal signal added."""
    fatal = [index for index, line in enumerate(words) if line.startswith("Fatal Python error")]
    own = words[: fatal[-1]] if fatal else words
    return own[-LAST_WORDS:]


def _last_words(words: list[str]) -> tuple[list[str], dict[str, str] | None]:
    """The end of raw output, or the stack that a fatal signal left there and the user's innermost frame in it."""
    fatal = [index for index, line in enumerate(words) if line.startswith("Fatal Python error")]
    if not fatal:
        return words[-LAST_WORDS:], None
    rest = words[fatal[-1] :]
    current = next((index for index, line in enumerate(rest) if line.startswith("Current thread")), 0)
    stack = list(itertools.takewhile(str.strip, rest[current:]))
    named = [found.groupdict() for line in stack if (found := NATIVE_FRAME.match(line))]
    own = next((one for one in named if not is_library(one["file"]) and not is_plumbing(one["file"])), None)
    return [rest[0], *stack[:LAST_WORDS]], own


def task_of_dead(run: Run, pid: int) -> tuple[int | None, str]:
    """The task that an engine process had when it ended, and its label; (None, "") if it had none."""
    owned: tuple[int | None, str] = (None, "")
    ready = {event.engine for event in run.of_kind("engine-ready") if event.data["pid"] == pid}
    for event in run.stream("received", "begin", "end"):
        if event.engine in ready and event.task is not None:
            if event.kind in ("received", "begin"):
                owned = (event.task, event.data.get("label", ""))
            elif event.kind == "end":
                owned = (None, "")
    return owned
