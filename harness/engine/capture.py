"""The capture on an engine: looks on at every task of a run, from its begin to its end, and writes down what it sees.

The task's function, arguments, result and exception go the way they would go without it.
"""

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from . import control, digest, loading, postmortem, setup, state
from .costs import Costs
from .discreet import Discreet
from .events import EventFile
from .footprint import Footprint
from .frames import as_python, as_text, blame, describe_exception
from .gate import DeadlinePassed, Gate
from .hooks import in_place, without_leftovers
from .meeting import Meeting
from .names import TrueNames
from .output import Output, looked_after
from .room import Room
from .sink import EngineLog
from .streams import Streams
from .task import Task, cores, label_of, named, size_of
from .threads import Shield, wake
from .trial import would_travel

EXECUTE = "execute"
"""What text to execute is called, in place of a function's name."""
_DONE = {"status": "ok"}
"""The reply to a function that gave a result, which travels beside it."""
_as_json = json.JSONEncoder(ensure_ascii=False, default=str).encode
_active: "Capture | None" = None


def begin(settings: dict[str, Any]) -> dict[str, Any]:
    """Open the capture of a run on this engine; returns its pid, the version of Python and of this package.

    settings: `folder` (the run directory), `engine` (its id), `prefix` (of event ids), `module` and `file` (the
    target, or None), `meet` (number of engines that tasks wait for, 0 for none), `restore` (whether the end puts back
    what the run leaves changed), `setup` (how this engine is to differ, see `setup.different`), `measured` (whether to
    note what tasks read and what threads they have).
    """
    global _active
    if _active is not None:
        end()
    _active = Capture(settings)
    return {"pid": os.getpid(), "python": sys.version.split()[0], "version": digest.DIGEST}


def end(_: object = None) -> dict[str, Any]:
    """Close the capture; returns what the run had left changed, and what of it only a new process would put back.

    `gone` and the process's `pid` instead if there is none: a task may have made away with it.
    """
    global _active
    if _active is None:
        return {"left": [], "stuck": [], "gone": True, "pid": os.getpid()}
    capture, _active = _active, None
    with capture.different:
        return capture.close()


class Capture:
    """What looks on during one run (see `hooks.Onlooker`), and what it writes to: events, log, tracebacks, output."""

    def __init__(self, settings: dict[str, Any]) -> None:
        from IPython import get_ipython

        self.shell = get_ipython()
        self.kernel = self.shell.kernel
        self.folder = Path(settings["folder"])
        self.engine = settings["engine"]
        self.task: Task | None = None
        self._settings = settings
        self.different = contextlib.ExitStack()
        self.different.enter_context(setup.different(settings["setup"]))
        self.before = state.note(self.shell.user_ns)
        events = self.folder / "events"
        self.events = EventFile(events / f"engine-{self.engine}-{os.getpid()}.jsonl", settings["prefix"])
        log = self.folder / f"engine-{self.engine}.log"
        self.log = EngineLog(log, self.engine, lambda: str(self.task) if self.task else "-", self._seen_twice)
        self.output = Output(self.folder / f"engine-{self.engine}.out")
        self.streams = Streams()
        self._undo = contextlib.ExitStack()
        self.costs = Costs(closely=bool(settings.get("measured")))
        # both before names are noted as they are
        self._undo.enter_context(self.costs.in_place())
        self.shield = Shield()
        self.shield.up()
        self._undo.callback(self.shield.down)
        self.names = TrueNames()
        self.room = Room()
        self.discreet = Discreet(self)
        self.gate = Gate()
        self.meeting = Meeting(events / "meeting", self.engine, settings["meet"]) if settings["meet"] else None
        self._undo.callback(self.output.close)
        self._undo.enter_context(self.output.taking())
        if (thread := getattr(self.kernel, "control_thread", None)) is not None:
            self._undo.enter_context(looked_after(self.output, thread.io_loop))
        self._undo.enter_context(in_place(self.kernel, self.discreet, self.folder.name))
        if settings["restore"]:  # the cluster is ours, so that there is one run at a time
            self._undo.enter_context(without_leftovers(self.kernel, self.folder.name))
        self._undo.enter_context(control.answering(self.kernel, self._at_work, self.gate.swallowed))
        if settings["module"]:
            loading.install(settings["module"], settings["file"])
        self.events.write(
            "engine-ready",
            pid=os.getpid(),
            python=sys.version.split()[0],
            cores=cores(),
            cwd=self.before.cwd,
            output=self.output.begin(),
            log_ahead=round(time.time() - self.events.now(), 3),
        )
        self.footprint = Footprint(self.shell.user_ns, self.before.modules.keys(), settings["module"])

    def _at_work(self) -> dict[str, Any] | None:
        """The task that this engine is at, for who asks from outside; `seconds` it has been at it."""
        task = self.task
        if task is None:
            return None
        seconds = time.perf_counter() - task.started
        return {
            "run": self.folder.name,
            "task": task.number,
            "label": task.label,
            "function": task.function,
            "seconds": seconds,
        }

    def close(self) -> dict[str, Any]:
        if self._settings["module"]:
            loading.forget(self._settings["module"], self._settings["file"], self.before.modules)
        self.streams.put_back()
        self._undo.close()
        self.gate.close()
        self.log.close()
        changes = state.changes(self.before, self.shell.user_ns)
        if self._settings["restore"]:
            for change in changes:
                if change.undo is not None:
                    change.undo()
        else:
            self.names.give()
        names = [f"module names: {', '.join(self.names.replaced)[:100]}"] if self.names.replaced else []
        names += ["limit on the size of files"] if self.room.was_lowered else []
        names += [f"the log lacks lines: {self.log.unwritten}"] if self.log.unwritten else []
        stuck = [one.text for one in changes if one.undo is None]
        left: dict[str, Any] = {
            "left": [*names, *(one.text for one in changes)],
            "stuck": stuck + ([f"the capture: {self.discreet.failed}"] if self.discreet.failed else []),
        }
        self.events.write("engine-closed", **left)
        self.events.close()
        return left

    def received(self, note: dict[str, Any], size: int) -> None:
        self.streams.put_back()
        self.task = Task(note["task"])
        self.events.write("received", self.task.number, bytes=size, output=self.output.begin())

    def answered(self) -> None:
        self.task = None

    def unpacked(self, function: Any, args: Any, kwargs: Any) -> None:
        if self.task:
            inner = args[0] if named(function) == "_map" and args and callable(args[0]) else function
            label = label_of(args[1:] if inner is not function else args) or label_of(list(kwargs.values()))
            self._begins(self.task, named(inner), label)

    def runs_code(self) -> None:
        if self.task is None:
            return
        if self.task.marks.pop("ran", None) is None:
            self._begins(self.task, EXECUTE, "")
        else:
            self.costs.go_on()
        self.gate.open()  # IPython runs some statements one by one

    def _begins(self, task: Task, function: str, label: str) -> None:
        task.marks["unpacked"] = time.perf_counter()
        task.function, task.label = function, label
        met = self.meeting.wait() if self.meeting else None
        self.events.write("begin", task.number, function=function, label=label, pid=os.getpid(), met=met)
        self.log.write("INFO", f"harness:{function}:0", "task begins")
        task.marks["begun"] = time.perf_counter()
        self.names.give()
        self.room.give_back()
        self.costs.begin()
        self.gate.open()

    def ran(self) -> None:
        self.gate.shut()
        noted = self.costs.stop()
        if self.task and noted is not None:
            self.task.noted = noted
        self.names.put_back()
        if self.names.replaced:
            wake(self.kernel)
        self.room.make()
        if self.task:
            self.task.marks.setdefault("ran", time.perf_counter())

    def raised(self, error: BaseException | None) -> list[str] | None:
        self.ran()
        task = self.task
        if task is None or error is None or error is task.error:
            return None
        described = task.raised = describe_exception(error)
        task.error = error
        postmortem.keep(self.folder.name, task.number, error)
        try:
            name = self._keep_traceback(task, described)
        except OSError:
            name = None  # the event below says what was raised; a task did something to the folder
        at = blame(described["frames"])
        event = self.events.write(
            "raised",
            task.number,
            type=described["type"],
            message=described["message"],
            traceback=name,
            stopped=issubclass(type(error), DeadlinePassed),  # isinstance would ask the exception
            **{key: at[key] for key in ("file", "line", "function") if at},
        )
        where = f"{Path(at['file']).stem}:{at['function']}:{at['line']}" if at else "harness:-:0"
        self.log.write("ERROR", where, f"{described['type']}: {described['message']} (event {event})")
        return None if task.function == EXECUTE else as_python(described)

    def _keep_traceback(self, task: Task, described: dict[str, Any]) -> str:
        """Write the traceback under the task's number, with the attempt behind it if it is not the first."""
        (self.folder / "tracebacks").mkdir(parents=True, exist_ok=True)
        for attempt in range(1, 1000):
            name = f"{task.number}" if attempt == 1 else f"{task.number}.{attempt}"
            path = self.folder / "tracebacks" / f"{name}.json"
            try:
                with path.open("x", encoding="utf-8") as file:
                    json.dump(described, file)
            except FileExistsError:
                continue
            (self.folder / "tracebacks" / f"{name}.txt").write_text(as_text(described) + "\n", encoding="utf-8")
            return name
        raise OSError(f"no free name for task {task.number} in {self.folder / 'tracebacks'}")

    def answer_for(self, error: BaseException, method: str) -> dict[str, Any]:
        """The error reply that the kernel would have sent for the task's exception, had it been able to render it."""
        assert self.task is not None
        self.task.lost = True
        if self.task.raised is None:
            self.raised(error)
        described = self.task.raised or describe_exception(error)
        return {
            "status": "error",
            "ename": described["type"],
            "evalue": described["message"],
            "traceback": as_text(described).splitlines(),
            "engine_info": self.kernel.get_engine_info(method=method),
        }

    def replying(self, reply: dict[str, Any], buffers: Any) -> dict[str, Any]:
        """Record the end; and mend what would keep the reply from ever arriving."""
        assert self.task is not None
        self.gate.shut()
        task = self.task
        if reply != _DONE:
            try:
                _as_json(reply).encode()
            except UnicodeEncodeError:
                task.lost = True
                reply = _encodable(reply)
        task.lost |= self.streams.replace_broken()
        if self.names.replaced:
            task.lost |= not would_travel(self.names, self.shield, self.kernel.session, reply)
        cost = task.cost()
        if imports := task.noted.get("imports"):
            cost["seconds"]["import"] = imports[1]  # a part of `run`
        begin, end, dropped = self.output.end()
        if dropped:
            self.events.write("output-truncated", task.number, bytes=dropped)
        for change in self.footprint.changes():
            self.events.write("changed", task.number, **change)
        self.events.write(
            "end",
            task.number,
            status=reply["status"],
            **cost,
            **task.noted,
            bytes=size_of(buffers),
            output=[begin, end],
            reply_lost=task.lost,
        )
        if not task.raised:
            ended = f"task ends: {reply['status']}, {cost['seconds']['run']:.3f} s"
            self.log.write("INFO", f"harness:{task.function}:0", ended)
        return reply

    def _seen_twice(self, where: str, sinks: int, to: str) -> None:
        """A record that the program's own logging writes several times to one place."""
        task = self.task.number if self.task else None
        self.events.write("duplicate-log-lines", task, where=where, sinks=sinks, to=to)


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [_encodable(one) for one in value]
    if isinstance(value, dict):
        return {_encodable(key): _encodable(one) for key, one in value.items()}
    return value
