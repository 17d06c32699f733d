"""The capture on an engine: hooks around ipyparallel's own handling of a task, in place from a run's begin to its end.

The task's function, arguments, result and exception go the way they would go without it. The hooks only look: before
the arguments are unpacked, before and after the function runs, when an exception is rendered, before the reply.
"""

import contextlib
import faulthandler
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ipyparallel.engine.kernel as engine_kernel

from harness.engine import control, loading, setup, state
from harness.engine.events import EventFile
from harness.engine.footprint import Footprint
from harness.engine.frames import as_text, describe_exception, is_library, is_plumbing
from harness.engine.gate import Gate
from harness.engine.meeting import Meeting
from harness.engine.sink import EngineLog

_active: "Capture | None" = None


@dataclass
class Task:
    """The task that the engine is working on."""

    number: int
    started: float
    cpu: float
    function: str = ""
    label: str = ""
    marks: dict[str, float] = field(default_factory=dict)
    raised: dict[str, Any] | None = None
    lost: bool = False

    def __str__(self) -> str:
        return f"{self.number} {self.label}".strip()


def begin(settings: dict[str, Any]) -> dict[str, Any]:
    """Open the capture of a run on this engine; returns its pid and Python version.

    settings: `folder` (the run directory), `engine` (its id), `prefix` (of event ids), `module` and `file` (the
    target, or None), `meet` (number of engines that tasks wait for, 0 for none), `restore` (whether the end puts back
    what the run leaves changed), `setup` (how this engine is to differ, see `setup.different`).
    """
    global _active
    if _active is not None:
        end()
    _active = Capture(settings)
    return {"pid": os.getpid(), "python": sys.version.split()[0]}


def end() -> dict[str, Any]:
    """Close the capture; returns what the run had left changed, and what of it only a new process would put back."""
    global _active
    if _active is None:
        return {"left": [], "stuck": []}
    capture, _active = _active, None
    with capture.different:
        return capture.close()


def _name(function: Any) -> str:
    return getattr(function, "__name__", type(function).__name__)


def label_of(arguments: Any, depth: int = 3) -> str:
    """What a task is about, for log lines: the first short word among its arguments, such as `amzn`; else nothing."""
    if isinstance(arguments, str):
        return arguments if 0 < len(arguments) <= 16 and arguments.replace("_", "").replace("-", "").isalnum() else ""
    if isinstance(arguments, (list, tuple)) and depth:
        return next((found for one in arguments[:4] if (found := label_of(one, depth - 1))), "")
    return ""


class Capture:
    """The hooks of one run, and what they write to: events, log, tracebacks, raw output."""

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
        self.log = EngineLog(
            self.folder / f"engine-{self.engine}.log", self.engine, lambda: str(self.task) if self.task else "-"
        )
        self.gate = Gate()
        self.meeting = Meeting(events / "meeting", self.engine, settings["meet"]) if settings["meet"] else None
        self._undo = contextlib.ExitStack()
        self._undo.enter_context(self._raw_output())
        self._undo.enter_context(self._hooks())
        self._undo.enter_context(control.answering(self.kernel))
        if settings["module"]:
            loading.install(settings["module"], settings["file"])
        self.events.write("engine-ready", pid=os.getpid(), python=sys.version.split()[0], cwd=self.before.cwd)
        self.footprint = Footprint(self.shell.user_ns, settings["module"])

    def close(self) -> dict[str, Any]:
        if self._settings["module"]:
            loading.forget(self._settings["module"], self._settings["file"], self.before.modules)
        self._undo.close()
        self.gate.close()
        self.log.close()
        changes = state.changes(self.before, self.shell.user_ns)
        if self._settings["restore"]:
            for change in changes:
                if change.undo is not None:
                    change.undo()
        left: dict[str, Any] = {
            "left": [one.text for one in changes],
            "stuck": [one.text for one in changes if one.undo is None],
        }
        self.events.write("engine-closed", **left)
        self.events.close()
        return left

    @contextlib.contextmanager
    def _raw_output(self) -> Iterator[None]:
        """Send the process's raw output and its last words to a file of the run."""
        out = os.open(self.folder / f"engine-{self.engine}.out", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        kept = [os.dup(1), os.dup(2)]
        tees = getattr(sys.stdout, "tees_to_descriptor", False)
        if tees:
            os.dup2(out, 1)
            os.dup2(out, 2)
            streams = []
        else:
            streams = [stream for stream in (sys.stdout, sys.stderr) if stream is not None]
        for stream in streams:
            stream.write = _tee(stream.write, out)  # type: ignore[method-assign]
        faulthandler.enable(file=out, all_threads=True)
        try:
            yield
        finally:
            for stream in streams:
                with contextlib.suppress(AttributeError):
                    del stream.write
            if tees:
                os.dup2(kept[0], 1)
                os.dup2(kept[1], 2)
            faulthandler.enable(file=2, all_threads=True)
            for descriptor in (*kept, out):
                os.close(descriptor)

    @contextlib.contextmanager
    def _hooks(self) -> Iterator[None]:
        """Stand in for the names that the kernel's `do_apply` looks up, and for `do_apply` itself."""
        apply, unpack = self.kernel.do_apply, engine_kernel.unpack_apply_message
        pack, render = engine_kernel.serialize_object, self.shell.showtraceback

        def do_apply(content: Any, bufs: Any, msg_id: str, metadata: Any) -> Any:
            note = self.kernel.get_parent("shell").get("metadata", {}).get("harness")
            if note is None:
                return apply(content, bufs, msg_id, metadata)
            with self._working_on(note, bufs):
                try:
                    reply, buffers = apply(content, bufs, msg_id, metadata)
                except BaseException as error:
                    # ipyparallel failed to answer, which leaves the client waiting for ever
                    self.gate.open = False
                    reply, buffers = self._answer_for(error), []
                self.gate.open = False
                return self._replying(reply, buffers), buffers

        def unpack_apply_message(*args: Any, **kwargs: Any) -> Any:
            unpacked = unpack(*args, **kwargs)
            if self.task:
                self._starting(*unpacked)
            return unpacked

        def serialize_object(*args: Any, **kwargs: Any) -> Any:
            self.gate.open = False
            if self.task:
                self.task.marks["ran"] = time.perf_counter()
            return pack(*args, **kwargs)

        def showtraceback(*args: Any, **kwargs: Any) -> Any:
            self.gate.open = False
            if self.task:
                self._raised(sys.exc_info()[1])
            return render(*args, **kwargs)

        self.kernel.do_apply, self.shell.showtraceback = do_apply, showtraceback
        engine_kernel.unpack_apply_message, engine_kernel.serialize_object = unpack_apply_message, serialize_object
        try:
            yield
        finally:
            del self.kernel.do_apply, self.shell.showtraceback
            engine_kernel.unpack_apply_message, engine_kernel.serialize_object = unpack, pack

    @contextlib.contextmanager
    def _working_on(self, note: dict[str, Any], bufs: Any) -> Iterator[None]:
        self.task = Task(note["task"], time.perf_counter(), time.process_time())
        size = sum(memoryview(part).nbytes for part in bufs)
        self.events.write("received", self.task.number, bytes=size)
        try:
            yield
        finally:
            self.gate.open = False
            self.task = None

    def _starting(self, function: Any, args: Any, kwargs: Any) -> None:
        """The arguments are unpacked; the next thing that runs is the user's function."""
        assert self.task is not None
        task = self.task
        task.marks["unpacked"] = time.perf_counter()
        inner = args[0] if _name(function) == "_map" and args and callable(args[0]) else function
        task.function = _name(inner)
        task.label = label_of(args[1:] if inner is not function else args) or label_of(list(kwargs.values()))
        met = self.meeting.wait() if self.meeting else None
        self.events.write("begin", task.number, function=task.function, label=task.label, pid=os.getpid(), met=met)
        self.log.write("INFO", f"harness:{task.function}:0", "task begins")
        task.marks["begun"] = time.perf_counter()
        self.gate.open = True

    def _raised(self, error: BaseException | None) -> None:
        if error is None:
            return
        assert self.task is not None
        self.task.marks.setdefault("ran", time.perf_counter())
        described = self.task.raised = describe_exception(error)
        name = self._keep_traceback(described)
        at = blame(described["frames"])
        event = self.events.write(
            "raised",
            self.task.number,
            type=described["type"],
            message=described["message"],
            traceback=name,
            **{key: at[key] for key in ("file", "line", "function") if at},
        )
        where = f"{Path(at['file']).stem}:{at['function']}:{at['line']}" if at else "harness:-:0"
        self.log.write("ERROR", where, f"{described['type']}: {described['message']} (event {event})")

    def _keep_traceback(self, described: dict[str, Any]) -> str:
        """Write the traceback under the task's number, with the attempt behind it if it is not the first."""
        assert self.task is not None
        for attempt in range(1, 1000):
            name = f"{self.task.number}" if attempt == 1 else f"{self.task.number}.{attempt}"
            path = self.folder / "tracebacks" / f"{name}.json"
            try:
                with path.open("x", encoding="utf-8") as file:
                    json.dump(described, file)
            except FileExistsError:
                continue
            (self.folder / "tracebacks" / f"{name}.txt").write_text(as_text(described) + "\n", encoding="utf-8")
            return name
        raise OSError(f"no free name for task {self.task.number} in {self.folder / 'tracebacks'}")

    def _answer_for(self, error: BaseException) -> dict[str, Any]:
        """The error reply that the kernel would have sent for the task's exception, had it been able to render it."""
        assert self.task is not None
        self.task.lost = True
        if self.task.raised is None:
            self._raised(error)
        described = self.task.raised or describe_exception(error)
        return {
            "status": "error",
            "ename": described["type"],
            "evalue": described["message"],
            "traceback": as_text(described).splitlines(),
            "engine_info": self.kernel.get_engine_info(method="apply"),
        }

    def _replying(self, reply: dict[str, Any], buffers: Any) -> dict[str, Any]:
        """Record the end; and mend a reply that could not be encoded, which would never arrive."""
        assert self.task is not None
        task, now = self.task, time.perf_counter()
        try:
            json.dumps(reply, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            task.lost = True
            reply = {key: _encodable(value) for key, value in reply.items()}
        marks = task.marks
        unpacked = marks.get("unpacked", now)
        begun = marks.get("begun", unpacked)
        ran = marks.get("ran", now)
        seconds = {"unpack": unpacked - task.started, "wait": begun - unpacked, "run": ran - begun, "pack": now - ran}
        for change in self.footprint.changes():
            self.events.write("changed", task.number, **change)
        self.events.write(
            "end",
            task.number,
            status=reply["status"],
            seconds=seconds,
            cpu=time.process_time() - task.cpu,
            bytes=sum(memoryview(part).nbytes for part in buffers),
            rss=_resident(),
            reply_lost=task.lost,
        )
        if not task.raised:
            ended = f"task ends: {reply['status']}, {seconds['run']:.3f} s"
            self.log.write("INFO", f"harness:{task.function}:0", ended)
        return reply


def blame(frames: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The frame to look at first: the innermost that is the user's own code, else the innermost of all."""
    own = [frame for frame in frames if not is_library(frame["file"]) and not is_plumbing(frame["file"])]
    candidates = own or frames
    return candidates[-1] if candidates else None


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [_encodable(one) for one in value]
    return value


def _resident() -> int:
    """Resident memory in bytes; 0 where /proc does not tell."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _tee(write: Any, descriptor: int) -> Any:
    def tee(text: str) -> Any:
        os.write(descriptor, text.encode("utf-8", "backslashreplace"))
        return write(text)

    return tee
