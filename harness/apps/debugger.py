"""The prompt of `harness debug`: post-mortem on the engine that still has the frames, else on what was recorded."""

import cmd
import linecache
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from harness.errors import BadInput, CannotWork, HarnessError
from harness.recorder import sending
from harness.store import Frame, Run, Traceback
from harness.views.text import visible

SECONDS = 10.0
"""Seconds that an engine has to answer a command."""
CONTEXT = 5
HELP = """\
w         the frames, the innermost last
u, d      one frame up, one down
l, ll     the source around the line; the whole function
a         the arguments of the function
p X, pp X what an expression gives; over several lines
whatis X  its type
source X  the source of a function or class
q         leave
Of recorded frames, p knows names only.
"""


class Frames(Protocol):
    """What the prompt asks: one that answers commands, where its answers come from, whether they are live."""

    origin: str
    live: bool

    def do(self, line: str) -> str: ...

    def names(self, beginning: str) -> list[str]: ...


class LiveFrames:
    """The frames on the engine where the task failed, over the cluster's own channel."""

    live = True

    def __init__(self, client: Any, engine: int, run: str, task: int) -> None:
        self._ask: Callable[..., dict[str, Any]] = lambda **asked: self._answer(
            client, engine, {"run": run, "task": task, **asked}
        )
        self.origin = f"live frames on engine {engine}"

    @property
    def there(self) -> bool:
        """Whether the engine still has them. It is given the lines that it lacks and this process has."""
        answer = self._ask(line="")
        sources = {file: lines for file in answer.get("lacking", ()) if (lines := linecache.getlines(file))}
        if sources:
            self._ask(sources=sources)
        return bool(answer["there"])

    def do(self, line: str) -> str:
        """Do one command of pdb on the engine; raises CannotWork if it does not answer in time."""
        return str(self._ask(line=line)["said"])

    def names(self, beginning: str) -> list[str]:
        """Names of the frame that begin so."""
        return list(self._ask(complete=beginning).get("names", []))

    def _answer(self, client: Any, engine: int, asked: dict[str, Any]) -> dict[str, Any]:
        given = sending.call(client, "postmortem.command", {engine: asked}, SECONDS)[engine]
        if isinstance(given, sending.NotAnswered):
            why = given.why or f"no answer within {SECONDS:g} s: it is at a task"
            raise CannotWork(f"engine {engine} does not answer ({why}); `harness stacks` shows what it is at")
        return dict(given)


class RecordedFrames:
    """The frames as they were recorded: values are text, and nothing can be evaluated."""

    live = False

    def __init__(self, traceback: Traceback, origin: str) -> None:
        self._frames = traceback.frames
        self._end = f"{traceback.type}: {traceback.message}"
        self._at = len(self._frames) - 1
        self.origin = origin

    @property
    def _frame(self) -> Frame:
        return self._frames[self._at]

    def do(self, line: str) -> str:
        """Do one command as far as the record goes."""
        word, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        match word:
            case "":
                return self._here()
            case "w" | "where" | "bt":
                return "".join(self._line(frame, frame is self._frame) for frame in self._frames) + f"{self._end}\n"
            case "u" | "up" | "d" | "down":
                return self._move(-1 if word[0] == "u" else 1)
            case "l" | "list" | "ll" | "longlist" | "source":
                return self._source()
            case "a" | "args":
                return "".join(f"{name} = {value}\n" for name, value in self._frame.locals.items())
            case "p" | "pp" if rest in self._frame.locals:
                return f"{self._frame.locals[rest]}\n"
            case "whatis" if rest in self._frame.locals:
                return f"*** the type of {rest} was not recorded, its value was (p {rest}): {self.origin}\n"
            case "p" | "pp" | "whatis" | "!":
                return f"*** {rest or word} was not recorded, and nothing can be evaluated: {self.origin}\n"
        return f"*** {word}: these are {self.origin}; w u d l a p NAME and q work\n"

    def names(self, beginning: str) -> list[str]:
        """Names of the frame that begin so."""
        return sorted(name for name in self._frame.locals if name.startswith(beginning))

    def _move(self, by: int) -> str:
        if not 0 <= self._at + by < len(self._frames):
            return f"*** {'Oldest' if by < 0 else 'Newest'} frame\n"
        self._at += by
        return self._here()

    def _here(self) -> str:
        return self._line(self._frame, True)

    def _line(self, frame: Frame, here: bool) -> str:
        return f"{'>' if here else ' '} {frame.file}({frame.line}){frame.function}()\n-> {frame.source}\n"

    def _source(self) -> str:
        frame = self._frame
        lines = linecache.getlines(frame.file)
        if [text.strip() for text in lines[frame.line - 1 : frame.line]] != [frame.source]:
            return f"{frame.line:4} -> {frame.source}\n(the file is gone or has been edited since: the recorded line)\n"
        first = max(1, frame.line - CONTEXT)
        shown = enumerate(lines[first - 1 : frame.line + CONTEXT], first)
        return "".join(f"{number:4} {'->' if number == frame.line else '  '} {text}" for number, text in shown)


def frames_of(run: Run, task: int, client: Any | None) -> Frames:
    """The frames of a failed task: live if the engine of `client` that failed still has them, else as recorded.

    Raises BadInput if the task did not fail, or nothing of it was recorded.
    """
    recorded = run.traceback(str(task))
    if recorded is None or not recorded.frames:
        raise BadInput(f"task {task} of {run.name} has no recorded exception; `harness show {run.name}` says who has")
    came = [event for event in run.of_kind("received", "begin") if event.task == task]
    engine = came[-1].engine if came else None
    if client is not None and engine is not None and engine in client.ids:
        live = LiveFrames(client, engine, run.name, task)
        if live.there:
            return live
    return RecordedFrames(recorded, f"recorded frames: {_whose(run, engine)} has not got them any more")


def _whose(run: Run, engine: int | None) -> str:
    """The process that had the frames."""
    ready = [event.data.get("pid") for event in run.of_kind("engine-ready") if event.engine == engine]
    return f"engine {engine} (pid {ready[-1]})" if ready else "its engine"


def first_failed(run: Run) -> int:
    """The first task that failed. Raises BadInput if none did."""
    for failure in run.outcome.failures if run.outcome else ():
        if failure.task is not None:
            return failure.task
    raise BadInput(f"no task of {run.name} failed; `harness runs` lists other runs")


class Prompt(cmd.Cmd):
    """The prompt over frames; commands are pdb's."""

    prompt = "(debug) "

    def __init__(self, frames: Frames) -> None:
        super().__init__()
        self._frames = frames
        self.intro = f"{frames.origin}; h helps, q leaves\n{harmless(frames.do(''))}"

    def onecmd(self, line: str) -> bool:
        """Do one command; true if it was the last."""
        word = line.strip()
        if word in ("q", "quit", "exit", "EOF"):
            return True
        try:
            self.stdout.write(HELP if word in ("h", "help", "?") else harmless(self._frames.do(line)))
        except HarnessError as problem:
            self.stdout.write(f"*** {problem}\n")
        return False

    def completenames(self, text: str, *ignored: Any) -> list[str]:
        """Names of the frame, for readline."""
        with suppress(HarnessError):
            return self._frames.names(text)
        return []

    completedefault = completenames


def harmless(text: str) -> str:
    """The text with what could move a terminal's cursor made visible, line by line."""
    return "".join(f"{visible(line)}\n" for line in text.splitlines())
