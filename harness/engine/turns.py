"""Taking turns: tasks on an engine stop before each step that others may see, until they are granted it."""

import contextlib
import importlib
import marshal
import os
import pickle
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Client, Connection
from typing import Any

from . import loading

Rule = tuple[tuple[str, int] | None, tuple[tuple[str, bool, int], ...], bool]

ASKING = frozenset(
    ["lock", "try", "lock a while", "join", "start", "sleep"]
    + [f"{kind} a while" for kind in ("wait", "acquire", "put", "get")]
)
"""Kinds of steps that always wait for an answer: whether they can be taken, or who goes on, depends on it."""

_read = os.read
"""The real one: during a search tasks find another one under that name."""
_here = threading.local()
_search: "Worker | None" = None


class Wire:
    """One end of a connection: messages of what marshal can write. Several that have come are read at once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._come = bytearray()

    def send(self, *message: Any) -> None:
        self.connection.send_bytes(marshal.dumps(message))

    def receive(self) -> Any:
        """The next message. Raises EOFError if the other end is gone, BlockingIOError if the socket's time is up."""
        # multiprocessing reads the length of each message (four bytes) and the message by themselves
        while len(self._come) < 4 or len(self._come) < (end := 4 + int.from_bytes(self._come[:4])):
            chunk = _read(self.connection.fileno(), 1 << 16)
            if not chunk:
                raise EOFError
            self._come += chunk
        message = marshal.loads(self._come[4:end])
        del self._come[:end]
        return message


class Abandoned(BaseException):
    """The schedule is given up: the task is to end here and now."""


class Actor:
    """One thread of control that takes turns: a task, or a thread that a task started.

    unseen: whether it may share something that is not seen as steps, such as a database.
    """

    def __init__(self, wire: Wire, name: str) -> None:
        self.wire = wire
        self.name = name
        self.abandoned = False
        self.unseen = False
        self._lent = 0
        self._made: dict[str, int] = {}

    def next_name(self, kind: str) -> str:
        """A name for a thread or a lock that this actor makes, the same one in every execution of the same steps."""
        number = self._made[kind] = self._made.get(kind, 0) + 1
        return f"{self.name}'s {kind} {number}"

    def step(self, kind: str, thing: str = "", detail: Any = None, also: str = "", rule: Rule | None = None) -> Any:
        """Announce a step and wait for the turn; returns what the scheduler gives along. Raises Abandoned.

        also: a second thing that it changes. rule: when it can be taken and what it then changes, see `guarded`.
        """
        if self.abandoned:
            raise Abandoned
        self.tell("at", self.unseen, kind, thing, detail, _where(), also, rule)
        if self._lent > 0 and kind not in ASKING and (rule is None or rule[0] is None):
            self._lent -= 1
            return None
        answer, given, self._lent = self.wire.receive()
        if answer == "stop":
            self.abandoned = True
            raise Abandoned
        return given

    def tell(self, *message: Any) -> None:
        self.wire.send(*message)


def actor() -> Actor | None:
    """The actor that this thread is, if a search is on and the thread is one of its own."""
    return getattr(_here, "actor", None)


def maker() -> Actor | None:
    """Who makes what is made now: this thread's actor, or the target's module at its import; None outside both."""
    return actor() or (_search.importing if _search else None)


def new_name(kind: str) -> str:
    """A name for what this thread makes."""
    made_by = maker()
    return kind if made_by is None else made_by.next_name(kind)


def step(kind: str, thing: str = "", detail: Any = None, also: str = "") -> Any:
    """A step of this thread's actor; nothing outside a search."""
    here = actor()
    return here.step(kind, thing, detail, also) if here is not None else None


def guarded(
    kind: str,
    thing: str,
    *effects: tuple[str, bool, int],
    need: tuple[str, int] | None = None,
    tried: bool = False,
) -> bool:
    """A step of this thread's actor, which must be one, that can be taken once a counter has a value.

    need: counter and least value; counters begin at 0. effects: counter, whether its value is added to (else set), by
    how much. tried: the step does not wait; returns whether the need was met.
    """
    here = actor()
    assert here is not None
    return here.step(kind, thing, None, "", (need, effects, tried)) is not False


def _where() -> tuple[str, int, str]:
    """File, line and function of the user's code that takes the step."""
    frame = sys._getframe(2)
    while frame is not None and _search is not None:
        if frame.f_code.co_filename == _search.file:
            return frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name
        frame = frame.f_back  # type: ignore[assignment]
    return "", 0, ""


def core_of_this_thread() -> int | None:
    """The core that it is on at the moment; None where the system can't be asked to leave it there."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    try:
        with open("/proc/thread-self/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[36])  # `processor`, see man 5 proc
    except OSError:
        return None


@contextlib.contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Have this thread, and those that it starts, run on one core, if it may; None for any.

    Who takes turns loses nothing by it, and a message to another core takes up to ten times as long.
    """
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, before & {core} or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Worker:
    """Serves one search on this engine: tasks come over a connection, and go step by step."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.address = settings["address"]
        self.key = settings["key"]
        self.engine = settings["engine"]
        self.module = settings["module"]
        self.file = settings["file"]
        self.lines = settings["lines"]
        self.temporary = settings["temporary"] or tempfile.tempdir
        self.code: Any = None
        self.importing: Actor | None = None

    def connect(self, name: str) -> Actor:
        """A connection of its own for one more actor."""
        one = Actor(Wire(Client(self.address, authkey=self.key)), name)
        one.tell("hello", self.engine, name, os.getpid())
        return one

    def serve(self) -> None:
        """Do what comes until `bye`; see `harness.explore.workers` for the other end."""
        with Client(self.address, authkey=self.key) as connection:
            self.own = wire = Wire(connection)
            own = Actor(wire, f"engine {self.engine}")
            own.tell("hello", self.engine, "", os.getpid())
            while True:
                order = wire.receive()
                if order[0] == "bye":
                    return
                if order[0] == "fresh":
                    self.fresh()
                elif order[0] == "task":
                    _here.actor = taking = Actor(wire, order[2])
                    try:
                        ended = self.run(order[1])
                        own.tell("done", taking.unseen, *ended)
                    finally:
                        _here.actor = None

    def fresh(self) -> None:
        """Give the target's module a namespace as new as at its first import."""
        if self.module is None:
            return
        module = importlib.import_module(self.module)
        if self.code is None:
            with open(self.file, encoding="utf-8") as source:
                self.code = compile(source.read(), self.file, "exec")
        kept = {name: value for name, value in vars(module).items() if name.startswith("__")}
        vars(module).clear()
        vars(module).update(kept)
        self.importing = Actor(self.own, f"engine {self.engine}")
        try:
            exec(self.code, vars(module))
        finally:
            self.importing = None

    def run(self, packed: bytes) -> tuple[bool, bytes | None]:
        """Run a task; returns whether it returned, and what it returned or raised; None if it was given up."""
        try:
            step("begin")
            function, args, kwargs = pickle.loads(packed)
            value = self.traced(function, *args, **kwargs)
            return True, pickle.dumps(value)
        except Abandoned:
            return False, None
        except BaseException as error:
            return False, _carried(error)

    def traced(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function; every line of the target's file that it comes to is a step, if that was asked for."""
        if not self.lines:
            return function(*args, **kwargs)
        sys.settrace(self.trace)
        try:
            return function(*args, **kwargs)
        finally:
            sys.settrace(None)

    def trace(self, frame: Any, event: str, _: Any) -> Any:
        """The trace function of `--lines`: every line of the target's file is a step."""
        if frame.f_code.co_filename != self.file:
            return None
        if event == "line":
            step("line", f"{frame.f_lineno}")
        return self.trace


def _carried(error: BaseException) -> bytes:
    """The exception as what can travel for certain: its type's name, its text, its traceback."""
    try:
        text = str(error)
    except Exception as problem:
        text = f"<its str raised {type(problem).__name__}>"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _search is None or frame.filename == _search.file] or frames
    at = own[-1] if own else None
    return pickle.dumps((type(error).__name__, text, (at.filename, at.lineno, at.name) if at else None))


def serve(settings: dict[str, Any]) -> None:
    """Serve a search from begin to end; what is intercepted meanwhile is put back.

    settings: `address`, `key` (of the scheduler's listener), `engine` (id), `module`, `file` (of the target),
    `lines` (whether every line of the file is a step), `core` (that the scheduler is on),
    `temporary` (folder of new temporary files, None for the usual one).
    """
    from .interception import intercepted

    global _search
    if settings["module"]:
        loading.install(settings["module"], settings["file"])
    there = set(sys.modules)
    _search = Worker(settings)
    try:
        with on_core(settings["core"]), intercepted(_search):
            _search.serve()
    finally:
        _search = None
        if settings["module"]:
            loading.forget(settings["module"], settings["file"], there)
